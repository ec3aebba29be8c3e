//! Known models and their limits and prices.

use serde::Deserialize;
use voice::{Price, Prices};

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
    #[serde(rename = "use")]
    pub(crate) used_for: String,
    #[serde(default)]
    pub(crate) default: bool,
    input_price: Option<Paid>,
    cached_price: Option<Paid>,
    output_price: Option<Paid>,
}

/// US dollars per million tokens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Paid {
    /// The same for all.
    #[expect(
        dead_code,
        reason = "for people who read the file; vision counts no cost"
    )]
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
    /// What a model that is paid by kind of token costs; `None` where a price is missing.
    fn prices(&self) -> Option<Prices> {
        Some(Prices {
            input: self.input_price?.by_kind()?,
            cached: self.cached_price?.by_kind()?,
            output: self.output_price?.by_kind()?,
        })
    }
}

impl Paid {
    fn by_kind(self) -> Option<Price> {
        match self {
            Self::Alike(_) => None,
            Self::ByKind { text, audio, image } => Some(Price {
                text: thousandths(text),
                audio: thousandths(audio),
                image: thousandths(image),
            }),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "prices are small and not negative; a test reads them all"
)]
fn thousandths(dollars: f64) -> u64 {
    (dollars * 1000.0).round() as u64
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

/// The prices of a model for talking, if they are known.
pub(crate) fn realtime_prices(name: &str) -> Option<Prices> {
    let models = models().ok()?;
    let known = |model: &&KnownModel| model.used_for == "realtime" && model.name == name;
    models.iter().find(known)?.prices()
}
