//! What may be wrong with an operator's settings.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::address::joined;

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSettings {
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

/// The address with these segments behind the path of the base.
pub fn below(base: &Url, segments: &[&str]) -> Result<Url, InvalidSettings> {
    joined(base, segments).ok_or(InvalidSettings::BaseUrl)
}

/// A key as a header's value, behind `before`; marked as sensitive.
pub fn key_header(before: &str, key: &SecretString) -> Result<HeaderValue, InvalidSettings> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Err(InvalidSettings::ApiKey);
    }
    let value = HeaderValue::try_from(format!("{before}{key}"));
    let mut value = value.map_err(|_| InvalidSettings::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_without_the_blanks_around_it_and_does_not_show() {
        let value = key_header("Bearer ", &" k-1 ".into()).unwrap();
        assert_eq!(value, "Bearer k-1");
        assert!(!format!("{value:?}").contains("k-1"));
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        for key in ["", " ", "a\nb"] {
            let value = key_header("", &key.into());
            assert!(matches!(value, Err(InvalidSettings::ApiKey)));
        }
    }
}
