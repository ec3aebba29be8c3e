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

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidOpenAiSettings {
    /// The base URL is no plain http or https address.
    #[error("the base URL must be http or https, without user name, query or fragment")]
    BaseUrl,
    /// The key has characters that no header can carry.
    #[error("the API key has characters that cannot be sent in a header")]
    ApiKey,
    /// The model's name is blank.
    #[error("the model's name is blank")]
    Model,
    /// The HTTP client could not be set up, as when the machine has no root certificates.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
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

    /// The address requests go to.
    pub(crate) fn endpoint(&self) -> Result<Url, InvalidOpenAiSettings> {
        provider_http::joined(&self.base_url, &["responses"]).ok_or(InvalidOpenAiSettings::BaseUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, expected: Option<&str>) {
        let endpoint = OpenAiSettings::new(base.parse().unwrap(), "m").endpoint();
        assert_eq!(endpoint.ok().as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn requests_go_to_responses_under_the_base() {
        check("http://h/v1", Some("http://h/v1/responses"));
        check("http://h/v1/", Some("http://h/v1/responses"));
        check("https://h", Some("https://h/responses"));
    }

    #[test]
    fn a_base_that_would_show_in_logs_or_break_the_path_is_refused() {
        for base in [
            "http://user:pass@h/v1",
            "http://h/v1?x=1",
            "ftp://h/",
            "data:,x",
        ] {
            check(base, None);
        }
    }

    #[test]
    fn the_key_does_not_show() {
        let mut settings = OpenAiSettings::new("http://h/v1".parse().unwrap(), "m");
        settings.api_key = Some("sk-very-secret".into());
        assert!(!format!("{settings:?}").contains("very-secret"));
    }
}
