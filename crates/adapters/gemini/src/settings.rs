//! What an operator decides.

use std::time::Duration;

use secrecy::SecretString;
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
}
