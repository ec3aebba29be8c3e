//! The settings of rate limits.

use secrecy::SecretString;

use super::model::RateSettings;
use super::parse::Reader;

const MOST: u32 = 1_000_000;

impl Reader<'_> {
    pub(super) fn rates(&mut self) -> RateSettings {
        RateSettings {
            redis_url: self.redis_url(),
            requests_per_min: self.number("RATE_LIMIT_REQUESTS_PER_MIN", 1200, 0..=MOST),
            address_per_min: self.number("RATE_LIMIT_ADDRESS_PER_MIN", 3000, 0..=MOST),
            analyses_per_min: self.number("RATE_LIMIT_ANALYSES_PER_MIN", 120, 0..=MOST),
        }
    }

    fn redis_url(&mut self) -> Option<SecretString> {
        let url = self.raw.get("REDIS_URL")?;
        let known = ["redis://", "rediss://"];
        if !known.iter().any(|scheme| url.starts_with(scheme)) {
            let fix = "must be a URL that begins with redis:// or, for TLS, rediss://";
            self.faults.add("REDIS_URL", fix);
        }
        Some(url.into())
    }
}
