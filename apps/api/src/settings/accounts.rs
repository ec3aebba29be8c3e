//! The settings of accounts.

use std::net::IpAddr;

use chrono::TimeDelta;
use ipnet::IpNet;
use secrecy::SecretString;

use super::model::{AccountSettings, GoogleSettings, MailSettings, Mode};
use super::parse::Reader;

/// Shorter than its hash, a key is weaker than the algorithm (RFC 7518 §3.2).
const MIN_SECRET_BYTES: usize = 32;
const GOOGLE: &str = "https://accounts.google.com";
const FROM: &str = "SmartSight <no-reply@localhost>";

impl Reader<'_> {
    pub(super) fn accounts(&mut self, mode: Mode) -> AccountSettings {
        AccountSettings {
            jwt_secret: self.jwt_secret(mode),
            jwt_secret_previous: self.long_secret("JWT_SECRET_PREVIOUS"),
            google: self.google(),
            mail: self.mail(),
            audit_for: self.audit_for(),
        }
    }

    fn jwt_secret(&mut self, mode: Mode) -> Option<SecretString> {
        if mode == Mode::Secured && self.raw.get("JWT_SECRET").is_none() {
            let fix = "must be set in secured mode: at least 32 bytes, the same for all replicas \
                       (openssl rand -hex 32 makes one)";
            self.faults.add("JWT_SECRET", fix);
        }
        self.long_secret("JWT_SECRET")
    }

    fn long_secret(&mut self, name: &'static str) -> Option<SecretString> {
        let secret = self.raw.get(name)?;
        if secret.len() < MIN_SECRET_BYTES {
            let fix = format!("must have at least {MIN_SECRET_BYTES} bytes");
            self.faults.add(name, fix);
        }
        Some(secret.into())
    }

    fn google(&mut self) -> Option<GoogleSettings> {
        let client_secret = self.raw.get("GOOGLE_CLIENT_SECRET");
        let Some(client_ids) = self.raw.get("GOOGLE_CLIENT_IDS") else {
            if client_secret.is_some() {
                let fix = "must be set when GOOGLE_CLIENT_SECRET is";
                self.faults.add("GOOGLE_CLIENT_IDS", fix);
            }
            return None;
        };
        Some(GoogleSettings {
            client_ids: list(client_ids).map(str::to_owned).collect(),
            client_secret: client_secret.map(Into::into),
            issuer: self.raw.get("GOOGLE_ISSUER").unwrap_or(GOOGLE).to_owned(),
        })
    }

    fn mail(&mut self) -> MailSettings {
        let smtp_url = self.raw.get("SMTP_URL");
        let from = self.raw.get("MAIL_FROM");
        if smtp_url.is_some() && from.is_none() {
            let fix = "must be set when SMTP_URL is: the sender, an address or Name <address>";
            self.faults.add("MAIL_FROM", fix);
        }
        MailSettings {
            smtp_url: smtp_url.map(Into::into),
            from: from.unwrap_or(FROM).to_owned(),
            pages_url: self.url("MAIL_PAGES_URL"),
        }
    }

    fn audit_for(&mut self) -> Option<TimeDelta> {
        let days = self.number("AUDIT_KEEP_DAYS", 365, 0..=36_500);
        (days > 0).then(|| TimeDelta::days(days.into()))
    }

    pub(super) fn trusted_proxies(&mut self) -> Vec<IpNet> {
        let text = self.raw.get("TRUSTED_PROXIES").unwrap_or_default();
        let networks: Option<Vec<_>> = list(text).map(network).collect();
        networks.unwrap_or_else(|| {
            let fix = "must be a list of addresses or networks such as 10.0.0.0/8";
            self.faults.add("TRUSTED_PROXIES", fix);
            Vec::new()
        })
    }
}

/// A network, or the network of a single address.
fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
