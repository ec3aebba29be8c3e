//! What an operator decides.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

/// How mail leaves, and what it says of us.
#[derive(Debug, Clone)]
pub struct EmailSettings {
    /// Where it goes.
    pub delivery: Delivery,
    /// The sender, such as `SmartSight <no-reply@example.org>`.
    pub from: String,
    /// The page that links in mails lead to, `verify-email` and `reset-password` below it; without
    /// one, mails carry the code alone.
    pub pages: Option<Url>,
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// To an SMTP server: `smtps://user:password@host` (TLS from the start, port 465),
    /// `smtp://user:password@host?tls=required` (STARTTLS, port 587), `smtp://host` (no TLS, port
    /// 25).
    Smtp(SecretString),
    /// Into a folder for its owner alone, one `.eml` file each; made if it is not there.
    Folder(PathBuf),
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidEmailSettings {
    /// The server's address is not understood.
    #[error("the SMTP address must be smtps://… or smtp://…, with tls=required or nothing")]
    Server,
    /// The password would go over the network in plain text.
    #[error("a password needs smtps://… or ?tls=required, unless the server is on loopback")]
    PlainPassword,
    /// The sender is not understood.
    #[error("the sender must be an address, or Name <address>")]
    From,
    /// The folder cannot be made.
    #[error("the mail folder cannot be made")]
    Folder(#[source] std::io::Error),
}

/// The server's address, if mail may go there that way.
pub(crate) fn server(address: &SecretString) -> Result<Url, InvalidEmailSettings> {
    let url: Url = address
        .expose_secret()
        .parse()
        .map_err(|_| InvalidEmailSettings::Server)?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls");
    let is_encrypted = match (url.scheme(), tls.as_ref().map(|(_, value)| value.as_ref())) {
        ("smtps", None) | ("smtp", Some("required")) => true,
        ("smtp", None) => false,
        _ => return Err(InvalidEmailSettings::Server),
    };
    if url.password().is_some() && !is_encrypted && !is_loopback(&url) {
        return Err(InvalidEmailSettings::PlainPassword);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    // The url crate knows addresses as such in http only.
    let host = url.host_str().map(Host::parse);
    match host {
        Some(Ok(Host::Domain(name))) => name == "localhost",
        Some(Ok(Host::Ipv4(address))) => address.is_loopback(),
        Some(Ok(Host::Ipv6(address))) => address.is_loopback(),
        Some(Err(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Result<(), &str>) {
        let found = server(&address.into()).map(drop);
        let found = found.map_err(|error| error.to_string());
        match expected {
            Ok(()) => assert_eq!(found, Ok(()), "{address}"),
            Err(part) => assert!(found.unwrap_err().contains(part), "{address}"),
        }
    }

    #[test]
    fn a_password_travels_encrypted_or_not_at_all() {
        check("smtps://u:p@mail.example", Ok(()));
        check("smtp://u:p@mail.example?tls=required", Ok(()));
        check("smtp://u:p@127.0.0.1:2525", Ok(()));
        check("smtp://u:p@localhost", Ok(()));
        check("smtp://u:p@[::1]", Ok(()));
        check("smtp://mail.example", Ok(()));
        check("smtp://u:p@mail.example", Err("password"));
    }

    #[test]
    fn other_addresses_are_not_understood() {
        for address in [
            "mail.example",
            "http://mail.example",
            "smtp://u:p@mail.example?tls=opportunistic",
            "smtp://u:p@mail.example?tls=off",
        ] {
            check(address, Err("must be"));
        }
    }

    #[test]
    fn the_password_does_not_show() {
        let delivery = Delivery::Smtp("smtps://u:very-secret@h".into());
        assert!(!format!("{delivery:?}").contains("very-secret"));
    }
}
