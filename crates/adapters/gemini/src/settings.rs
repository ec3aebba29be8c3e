//! What an operator decides.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Where the model is and how it is asked.
#[derive(Debug, Clone)]
pub struct GeminiSettings {
    /// The address above `/v1beta/models`, such as `https://generativelanguage.googleapis.com`,
    /// without user name, query or fragment.
    pub base_url: Url,
    /// Sent as `x-goog-api-key`.
    pub api_key: SecretString,
    /// The model's name as the provider knows it, with or without `models/` before it.
    pub model: String,
    /// The most one call takes, all its attempts and the waits between them included.
    pub timeout: Duration,
    /// Pixels of the longer side of what is sent.
    pub max_side_px: u32,
    /// Canonical topic names the model chooses from where one fits.
    pub topics: Vec<String>,
    /// An upper bound of the answer, thinking included; `None` leaves it to the provider.
    pub max_output_tokens: Option<u32>,
    /// How much is thought about the answer, such as `LOW`; `None` leaves it to the model.
    pub thinking_level: Option<String>,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidGeminiSettings {
    /// The base URL is no plain http or https address.
    #[error("the base URL must be http or https, without user name, query or fragment")]
    BaseUrl,
    /// The key is blank or has characters that no header can carry.
    #[error("the API key is blank or has characters that cannot be sent in a header")]
    ApiKey,
    /// The model's name is blank.
    #[error("the model's name is blank")]
    Model,
    /// The HTTP client could not be set up, as when the machine has no root certificates.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

impl GeminiSettings {
    /// Settings that ask for views of 1,600 pixels within 20 seconds and leave the rest open.
    pub fn new(base_url: Url, api_key: SecretString, model: impl Into<String>) -> Self {
        Self {
            base_url,
            api_key,
            model: model.into(),
            timeout: Duration::from_secs(20),
            max_side_px: 1600,
            topics: Vec::new(),
            max_output_tokens: None,
            thinking_level: None,
        }
    }

    /// The model's name alone.
    pub(crate) fn model(&self) -> &str {
        let name = self.model.trim();
        name.strip_prefix("models/").unwrap_or(name)
    }

    /// The address requests go to.
    pub(crate) fn endpoint(&self) -> Result<Url, InvalidGeminiSettings> {
        let model = self.model();
        if model.is_empty() {
            return Err(InvalidGeminiSettings::Model);
        }
        let verb = format!("{model}:generateContent");
        provider_http::joined(&self.base_url, &["v1beta", "models", &verb])
            .ok_or(InvalidGeminiSettings::BaseUrl)
    }

    /// What every request carries.
    pub(crate) fn headers(&self) -> Result<HeaderMap, InvalidGeminiSettings> {
        let key = self.api_key.expose_secret().trim();
        let key = Some(key).filter(|key| !key.is_empty());
        let key = key.and_then(|key| HeaderValue::from_str(key).ok());
        let mut key = key.ok_or(InvalidGeminiSettings::ApiKey)?;
        key.set_sensitive(true);
        let name = HeaderName::from_static("x-goog-api-key");
        Ok(HeaderMap::from_iter([(name, key)]))
    }
}
