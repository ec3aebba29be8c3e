//! What an operator decides.

use secrecy::SecretString;
use url::{Host, Url};

/// Who signs, and for whom.
#[derive(Debug, Clone)]
pub struct GoogleSettings {
    /// The issuer as it calls itself, such as `https://accounts.google.com`; https, or http on
    /// loopback.
    pub issuer: String,
    /// The audiences ID tokens may be for: one client id for each of our apps.
    pub client_ids: Vec<String>,
    /// For the code flow; `None` where only native clients sign in.
    pub browser: Option<BrowserClient>,
}

/// How browsers sign in. The client id is the first of [`GoogleSettings::client_ids`].
#[derive(Debug, Clone)]
pub struct BrowserClient {
    /// Shown to the issuer when a code is redeemed.
    pub secret: SecretString,
    /// Where the issuer sends browsers back to; registered there.
    pub redirect_url: Url,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidGoogleSettings {
    /// The issuer is no address keys could be fetched from safely.
    #[error("the issuer must be an https address (http on loopback), without query or fragment")]
    Issuer,
    /// No client id is set, or one is blank.
    #[error("at least one client id is needed, none of them blank")]
    ClientIds,
    /// The HTTP client could not be set up, as when the machine has no root certificates.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

impl GoogleSettings {
    pub(crate) fn check(&self) -> Result<(), InvalidGoogleSettings> {
        let issuer: Url = self
            .issuer
            .parse()
            .map_err(|_| InvalidGoogleSettings::Issuer)?;
        if !is_safe(&issuer) || issuer.query().is_some() || issuer.fragment().is_some() {
            return Err(InvalidGoogleSettings::Issuer);
        }
        let is_blank = |id: &String| id.trim().is_empty();
        if self.client_ids.is_empty() || self.client_ids.iter().any(is_blank) {
            return Err(InvalidGoogleSettings::ClientIds);
        }
        Ok(())
    }

    /// How tokens may spell the issuer. Google's own leave the scheme away at times.
    pub(crate) fn issuers(&self) -> Vec<&str> {
        const GOOGLE: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];
        if self.issuer == GOOGLE[0] {
            GOOGLE.to_vec()
        } else {
            vec![&self.issuer]
        }
    }
}

/// Whether what comes from this address is what was sent.
pub(crate) fn is_safe(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str, client_ids: &[&str]) -> GoogleSettings {
        GoogleSettings {
            issuer: issuer.to_owned(),
            client_ids: client_ids.iter().map(|&id| id.to_owned()).collect(),
            browser: None,
        }
    }

    #[test]
    fn an_issuer_is_https_or_on_loopback() {
        for (issuer, expected) in [
            ("https://accounts.google.com", true),
            ("http://localhost:9000", true),
            ("http://127.0.0.1:9000/realm", true),
            ("http://idp.example", false),
            ("https://idp.example/?x=1", false),
            ("accounts.google.com", false),
        ] {
            let checked = settings(issuer, &["app"]).check();
            assert_eq!(checked.is_ok(), expected, "{issuer}");
        }
    }

    #[test]
    fn client_ids_are_needed() {
        for ids in [&[] as &[&str], &["app", " "]] {
            let checked = settings("https://idp.example", ids).check();
            assert!(matches!(checked, Err(InvalidGoogleSettings::ClientIds)));
        }
    }

    #[test]
    fn only_google_has_two_spellings() {
        let google = settings("https://accounts.google.com", &["app"]);
        assert_eq!(google.issuers().len(), 2);
        assert_eq!(settings("https://idp.example", &["app"]).issuers().len(), 1);
    }
}
