//! What an operator decides.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

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
}
