//! What an operator decides.

use std::collections::HashMap;

use secrecy::SecretString;
use url::Url;

/// Where traces go, and how many.
#[derive(Debug, Clone)]
pub struct OtlpSettings {
    /// The collector's address; `/v1/traces` is added.
    pub endpoint: Url,
    /// What every request to it carries, such as a key.
    pub headers: HashMap<String, SecretString>,
    /// The share of traces that is kept, 0 to 1. All processes keep the same ones.
    pub share: f64,
    /// The version of the program.
    pub version: &'static str,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidOtlpSettings {
    /// The address cannot be built upon.
    #[error("the collector's address must be a URL that begins with http:// or https://")]
    Endpoint,
    /// The exporter could not be made of them.
    #[error("the exporter could not be set up")]
    Exporter(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OtlpSettings {
    /// All traces, to this collector.
    pub fn new(endpoint: Url, version: &'static str) -> Self {
        Self {
            endpoint,
            headers: HashMap::new(),
            share: 1.0,
            version,
        }
    }

    pub(crate) fn address(&self) -> Result<Url, InvalidOtlpSettings> {
        let mut url = self.endpoint.clone();
        url.path_segments_mut()
            .map_err(|()| InvalidOtlpSettings::Endpoint)?
            .pop_if_empty()
            .extend(["v1", "traces"]);
        Ok(url)
    }
}
