//! Where the issuer's endpoints are (`OpenID` Connect Discovery 1.0).

use kernel::{Fault, PortError, PortResult, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::fetch::Fetch;
use crate::settings::is_safe;

/// What is taken from the discovery document.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Endpoints {
    issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) jwks_uri: Url,
}

/// The discovery document, kept as long as its headers say.
pub(crate) struct Discovery {
    fetch: Fetch,
    issuer: String,
    kept: Mutex<Option<(Endpoints, Timestamp)>>,
}

impl Discovery {
    pub(crate) fn new(fetch: Fetch, issuer: String) -> Self {
        Self {
            fetch,
            issuer,
            kept: Mutex::new(None),
        }
    }

    /// The endpoints; those who ask while they are fetched wait for the same fetch.
    pub(crate) async fn endpoints(&self, now: Timestamp) -> PortResult<Endpoints> {
        let mut kept = self.kept.lock().await;
        if let Some((endpoints, until)) = kept.as_ref().filter(|(_, until)| now < *until) {
            tracing::trace!(%until, "endpoints are known");
            return Ok(endpoints.clone());
        }
        let (endpoints, keep_for) = self.fetch.json(&self.address()?).await?;
        let endpoints = self.checked(endpoints)?;
        *kept = Some((endpoints.clone(), now + keep_for));
        Ok(endpoints)
    }

    fn address(&self) -> PortResult<Url> {
        let issuer = self.issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let refused = |cause| PortError::new(Fault::Refused, "find the discovery document", cause);
        address.parse().map_err(refused)
    }

    /// A document of another issuer, or one that leads out of TLS, is not taken.
    fn checked(&self, endpoints: Endpoints) -> PortResult<Endpoints> {
        let urls = [
            &endpoints.authorization_endpoint,
            &endpoints.token_endpoint,
            &endpoints.jwks_uri,
        ];
        if endpoints.issuer == self.issuer && urls.into_iter().all(is_safe) {
            return Ok(endpoints);
        }
        Err(PortError::bare(
            Fault::Corrupt,
            "read the discovery document: another issuer, or an endpoint without TLS",
        ))
    }
}
