//! What an operator decides.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The version of the protocol that requests are written in.
const VERSION: &str = "2026-10-21";

/// Where the model is and how it is asked.
#[derive(Debug, Clone)]
pub struct AnthropicSettings {
    /// The address above `/v1/messages`, such as `https://api.anthropic.com`, without user name,
    /// query or fragment.
    pub base_url: Url,
    /// Sent as `x-api-key`.
    pub api_key: SecretString,
    /// The model's name as the provider knows it.
    pub model: String,
    /// The most one call takes, all its attempts and the waits between them included.
    pub timeout: Duration,
    /// Pixels of the longer side of what is sent.
    pub max_side_px: u32,
    /// Canonical topic names the model chooses from where one fits.
    pub topics: Vec<String>,
    /// An upper bound of the answer, thinking included; the protocol wants one.
    pub max_tokens: u32,
    /// How much is thought about the answer, such as `low`; `None` leaves it to the model.
    pub effort: Option<String>,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidAnthropicSettings {
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

impl AnthropicSettings {
    /// Settings that ask for views of 1,600 pixels within 20 seconds, for at most 8,192 tokens, and
    /// leave the rest open.
    pub fn new(base_url: Url, api_key: SecretString, model: impl Into<String>) -> Self {
        Self {
            base_url,
            api_key,
            model: model.into(),
            timeout: Duration::from_secs(20),
            max_side_px: 1600,
            topics: Vec::new(),
            max_tokens: 8192,
            effort: None,
        }
    }

    /// The address requests go to.
    pub(crate) fn endpoint(&self) -> Result<Url, InvalidAnthropicSettings> {
        provider_http::joined(&self.base_url, &["v1", "messages"])
            .ok_or(InvalidAnthropicSettings::BaseUrl)
    }

    /// What every request carries.
    pub(crate) fn headers(&self) -> Result<HeaderMap, InvalidAnthropicSettings> {
        let key = self.api_key.expose_secret().trim();
        let key = Some(key).filter(|key| !key.is_empty());
        let key = key.and_then(|key| HeaderValue::from_str(key).ok());
        let mut key = key.ok_or(InvalidAnthropicSettings::ApiKey)?;
        key.set_sensitive(true);
        Ok(HeaderMap::from_iter([
            (HeaderName::from_static("x-api-key"), key),
            (
                HeaderName::from_static("anthropic-version"),
                HeaderValue::from_static(VERSION),
            ),
        ]))
    }
}
