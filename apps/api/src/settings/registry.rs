//! Known models and their limits and prices.

use chrono::NaiveDate;
use serde::Deserialize;
use spending::{Price, PriceTable, Prices};

const MODELS: &str = include_str!("../../models.toml");

#[derive(Deserialize)]
struct Registry {
    model: Vec<KnownModel>,
}

/// One known model.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct KnownModel {
    pub(crate) provider: String,
    pub(crate) name: String,
    #[serde(rename = "use", default)]
    pub(crate) used_for: String,
    #[serde(default)]
    pub(crate) default: bool,
    /// The day its provider no longer answers for it.
    pub(crate) shutdown_date: Option<NaiveDate>,
    input_price: Option<Paid>,
    cached_price: Option<Paid>,
    output_price: Option<Paid>,
}

/// US dollars per million tokens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Paid {
    /// The same for all.
    Alike(f64),
    /// By kind.
    ByKind {
        text: f64,
        audio: f64,
        #[serde(default)]
        image: f64,
    },
}

impl KnownModel {
    /// What it costs; `None` where a price is missing. Input from a cache costs what other input
    /// does where nothing else is said: rather too much than too little.
    fn prices(&self) -> Option<Prices> {
        let input = self.input_price?.into();
        Some(Prices {
            input,
            cached: self.cached_price.map_or(input, Price::from),
            output: self.output_price?.into(),
        })
    }
}

impl From<Paid> for Price {
    fn from(paid: Paid) -> Self {
        match paid {
            Paid::Alike(price) => Self::alike(thousandths(price)),
            Paid::ByKind { text, audio, image } => Self {
                text: thousandths(text),
                audio: thousandths(audio),
                image: thousandths(image),
            },
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "prices are small; what is negative or no number becomes 0"
)]
fn thousandths(dollars: f64) -> u64 {
    (dollars * 1000.0).round() as u64
}

/// The prices of all known models.
///
/// # Errors
/// As [`models`].
pub(crate) fn prices() -> Result<PriceTable, toml::de::Error> {
    let mut prices = PriceTable::default();
    set(&mut prices, &models()?);
    Ok(prices)
}

/// Sets the prices of a file of the same form, in which only provider, name and prices of each model
/// are needed.
///
/// # Errors
/// What is wrong with the file.
pub(crate) fn add_prices(prices: &mut PriceTable, text: &str) -> Result<(), String> {
    let registry: Registry = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let without = registry.model.iter().find(|model| model.prices().is_none());
    if let Some(model) = without {
        return Err(format!(
            "{} has no input_price or no output_price",
            model.name
        ));
    }
    set(prices, &registry.model);
    Ok(())
}

fn set(prices: &mut PriceTable, models: &[KnownModel]) {
    for model in models {
        if let Some(paid) = model.prices() {
            prices.set(&model.provider, &model.name, paid);
        }
    }
}

/// All known models.
///
/// # Errors
/// When the file built in is not valid, which a test rules out.
pub(crate) fn models() -> Result<Vec<KnownModel>, toml::de::Error> {
    let registry: Registry = toml::from_str(MODELS)?;
    Ok(registry.model)
}

/// The model a provider's `used_for` falls to when none is set.
pub(crate) fn default_model(provider: &str, used_for: &str) -> Option<String> {
    let fits = |model: &KnownModel| {
        model.default && model.provider == provider && model.used_for == used_for
    };
    models()
        .ok()?
        .into_iter()
        .find(fits)
        .map(|model| model.name)
}

/// What is known of this provider's model of this name.
pub(crate) fn known_model(provider: &str, name: &str) -> Option<KnownModel> {
    let is_it = |model: &KnownModel| model.provider == provider && model.name == name;
    models().ok()?.into_iter().find(is_it)
}
