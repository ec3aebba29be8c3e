//! What an operator decides.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// Where the model is and how it is asked.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// The address above `/responses`, such as `https://api.openai.com/v1`, without user name,
    /// query or fragment.
    pub base_url: Url,
    /// Sent as bearer token; servers in the own house may need none.
    pub api_key: Option<SecretString>,
    /// The model's name as the provider knows it.
    pub model: String,
    /// The most one call takes, all its attempts and the waits between them included.
    pub timeout: Duration,
    /// Pixels of the longer side of what is sent.
    pub max_side_px: u32,
    /// Canonical topic names the model chooses from where one fits.
    pub topics: Vec<String>,
    /// An upper bound of the answer, reasoning included; `None` leaves it to the provider.
    pub max_output_tokens: Option<u32>,
    /// The effort of reasoning models, such as `low`; `None` where the model takes none.
    pub reasoning_effort: Option<String>,
}

impl OpenAiSettings {
    /// Settings that ask for views of 1,600 pixels within 20 seconds and leave the rest open.
    pub fn new(base_url: Url, model: impl Into<String>) -> Self {
        Self {
            base_url,
            api_key: None,
            model: model.into(),
            timeout: Duration::from_secs(20),
            max_side_px: 1600,
            topics: Vec::new(),
            max_output_tokens: None,
            reasoning_effort: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_does_not_show() {
        let mut settings = OpenAiSettings::new("http://h/v1".parse().unwrap(), "m");
        settings.api_key = Some("sk-very-secret".into());
        assert!(!format!("{settings:?}").contains("very-secret"));
    }
}
