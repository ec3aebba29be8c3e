//! The issuer's public keys.

use chrono::TimeDelta;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use kernel::{PortResult, Timestamp};
use tokio::sync::Mutex;

use crate::discovery::Discovery;
use crate::fetch::Fetch;

/// Tokens with made-up key ids make us ask no oftener than this.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);

/// The key set, kept as long as its headers say, and fetched once more for an unknown key id.
pub(crate) struct Keys {
    fetch: Fetch,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    set: JwkSet,
    fetched_at: Timestamp,
    until: Timestamp,
}

impl Keys {
    pub(crate) fn new(fetch: Fetch) -> Self {
        Self {
            fetch,
            kept: Mutex::new(None),
        }
    }

    /// The key with this id; `None` if the issuer has none. Those who ask while the set is fetched
    /// wait for the same fetch.
    pub(crate) async fn find(
        &self,
        id: &str,
        discovery: &Discovery,
        now: Timestamp,
    ) -> PortResult<Option<Jwk>> {
        let mut kept = self.kept.lock().await;
        if let Some(known) = kept.as_ref().filter(|kept| now < kept.until) {
            let key = known.set.find(id);
            if key.is_some() || now < known.fetched_at + ASK_AGAIN_AFTER {
                return Ok(key.cloned());
            }
        }
        let endpoints = discovery.endpoints(now).await?;
        let (set, keep_for) = self.fetch.json::<JwkSet>(&endpoints.jwks_uri).await?;
        let key = set.find(id).cloned();
        *kept = Some(Kept {
            set,
            fetched_at: now,
            until: now + keep_for,
        });
        Ok(key)
    }
}
