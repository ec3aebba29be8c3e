//! Known models and their limits and prices.

use serde::Deserialize;

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
