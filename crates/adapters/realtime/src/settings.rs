//! What an operator decides.

use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Where the model is, and how long anything may take.
#[derive(Debug, Clone)]
pub struct RealtimeSettings {
    /// A `ws` or `wss` address without user name, query or fragment, such as
    /// `wss://api.openai.com/v1/realtime`.
    pub url: Url,
    /// Sent as bearer token; servers in the own house may need none.
    pub api_key: Option<SecretString>,
    /// The model's name as the provider knows it.
    pub model: String,
    /// The model that writes down what the student says; `None` leaves it unwritten.
    pub transcription_model: Option<String>,
    /// What is filtered out of the student's sound before the model hears it; `None` leaves all.
    pub noise_reduction: Option<NoiseReduction>,
    /// How much of a long conversation the model keeps; `None` leaves it to the provider.
    pub retention: Option<Retention>,
    /// Over name look-up, TCP, TLS, upgrade and the model's first word.
    pub connect_timeout: Duration,
    /// How long the peer may be silent before it is asked for a sign of life.
    pub ping_after: Duration,
    /// How long the peer may be silent, or take nothing of what waits, before it counts as dead.
    pub dead_after: Duration,
    /// How long a good-bye may take, until the peer's own.
    pub close_timeout: Duration,
}

/// Where the microphone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoiseReduction {
    /// At the mouth, as in a headset.
    NearField,
    /// On the desk, with the tutor's own voice in the room: without this it interrupts itself.
    FarField,
}

/// What happens when a conversation outgrows `tokens`: as everything said is input again with each
/// answer, this decides what a long talk costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retention {
    /// Instructions and tools not counted.
    pub tokens: u32,
    /// The share that is kept, 0 to 1: cutting more at once cuts less often, and each cut empties
    /// the provider's cache.
    pub ratio: f32,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRealtimeSettings {
    /// The address is no plain ws or wss one.
    #[error("the realtime URL must be ws or wss, without user name, query or fragment")]
    Url,
    /// The key has characters that no header can carry.
    #[error("the API key has characters that cannot be sent in a header")]
    ApiKey,
    /// The model's name is blank.
    #[error("the realtime model's name is blank")]
    Model,
    /// TLS could not be set up, as when the machine has no root certificates.
    #[error("TLS could not be set up")]
    Tls(#[source] rustls::Error),
}

impl RealtimeSettings {
    /// No transcription, a microphone on the desk, 80 % of 8,000 tokens kept, 10 s to connect, a ping after 20 s of silence, dead after 45 s, 2 s to
    /// close.
    pub fn new(url: Url, model: impl Into<String>) -> Self {
        Self {
            url,
            api_key: None,
            model: model.into(),
            transcription_model: None,
            noise_reduction: Some(NoiseReduction::FarField),
            retention: Some(Retention {
                tokens: 8_000,
                ratio: 0.8,
            }),
            connect_timeout: Duration::from_secs(10),
            ping_after: Duration::from_secs(20),
            dead_after: Duration::from_secs(45),
            close_timeout: Duration::from_secs(2),
        }
    }

    /// The realtime address of a provider whose HTTP interface is at `base_url`: http becomes ws,
    /// https wss, and `/realtime` is added. `None` for other schemes.
    pub fn url_beside(base_url: &Url) -> Option<Url> {
        let scheme = match base_url.scheme() {
            "http" => "ws",
            "https" => "wss",
            _ => return None,
        };
        let mut url = base_url.clone();
        url.set_scheme(scheme).ok()?;
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .push("realtime");
        Some(url)
    }

    pub(crate) fn check(&self) -> Result<(), InvalidRealtimeSettings> {
        if !is_plain(&self.url) {
            return Err(InvalidRealtimeSettings::Url);
        }
        if self.model.trim().is_empty() {
            return Err(InvalidRealtimeSettings::Model);
        }
        self.bearer()
            .map(drop)
            .map_err(|_| InvalidRealtimeSettings::ApiKey)
    }

    /// The address that opens a session with the model.
    pub(crate) fn endpoint(&self) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("model", &self.model);
        url
    }

    /// The value of the `Authorization` header; kept out of logs.
    pub(crate) fn bearer(&self) -> Result<Option<HeaderValue>, http::header::InvalidHeaderValue> {
        let Some(key) = &self.api_key else {
            return Ok(None);
        };
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret()))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

fn is_plain(url: &Url) -> bool {
    matches!(url.scheme(), "ws" | "wss")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn beside(base: &str, expected: Option<&str>) {
        let url = RealtimeSettings::url_beside(&base.parse().unwrap());
        assert_eq!(url.as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn the_address_lies_beside_the_http_interface() {
        beside("https://h/v1", Some("wss://h/v1/realtime"));
        beside("http://h:8080/v1/", Some("ws://h:8080/v1/realtime"));
        beside("http://h", Some("ws://h/realtime"));
        beside("data:,x", None);
    }

    #[test]
    fn the_model_is_in_the_query_whatever_its_letters() {
        let settings = RealtimeSettings::new("wss://h/v1/realtime".parse().unwrap(), "a b&c");
        let endpoint = settings.endpoint();
        assert_eq!(endpoint.as_str(), "wss://h/v1/realtime?model=a+b%26c");
    }

    #[test]
    fn what_cannot_work_is_refused_before_anything_is_sent() {
        let refused = |url: &str, key: &str, model: &str| {
            let mut settings = RealtimeSettings::new(url.parse().unwrap(), model);
            settings.api_key = Some(key.into());
            settings.check().err().map(|error| error.to_string())
        };
        assert_eq!(refused("ws://h/", "sk-1", "m"), None);
        for url in ["http://h/", "ws://u:p@h/", "ws://h/?model=x", "ws://h/#x"] {
            assert!(refused(url, "sk-1", "m").unwrap().contains("URL"), "{url}");
        }
        assert!(refused("ws://h/", "sk\n", "m").unwrap().contains("key"));
        assert!(refused("ws://h/", "sk-1", " ").unwrap().contains("model"));
    }

    #[test]
    fn the_key_does_not_show() {
        let mut settings = RealtimeSettings::new("ws://h/".parse().unwrap(), "m");
        settings.api_key = Some("sk-very-secret".into());
        let shown = format!("{settings:?}{:?}", settings.bearer());
        assert!(!shown.contains("very-secret"), "{shown}");
    }
}
