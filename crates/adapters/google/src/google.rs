//! The adapter itself.

use async_trait::async_trait;
use auth::{GoogleAccounts, GoogleError, GoogleIdentity, PendingGoogle};
use kernel::{PortResult, Timestamp};
use url::Url;

use crate::code_flow;
use crate::discovery::Discovery;
use crate::fetch::Fetch;
use crate::id_token::{self, Claims};
use crate::keys::Keys;
use crate::settings::{GoogleSettings, InvalidGoogleSettings};

/// An identity provider, Google by default. Cheap to share; keeps its connections and keys.
pub struct Google {
    fetch: Fetch,
    discovery: Discovery,
    keys: Keys,
    settings: GoogleSettings,
}

impl Google {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidGoogleSettings`] names the setting at fault.
    pub fn new(settings: GoogleSettings) -> Result<Self, InvalidGoogleSettings> {
        settings.check()?;
        let fetch = Fetch::new().map_err(InvalidGoogleSettings::Client)?;
        Ok(Self {
            discovery: Discovery::new(fetch.clone(), settings.issuer.clone()),
            keys: Keys::new(fetch.clone()),
            fetch,
            settings,
        })
    }

    /// Whether the issuer answers with its endpoints; for the operator.
    ///
    /// # Errors
    /// `Unavailable` when it does not answer, `Corrupt` when its document is another issuer's.
    pub async fn check(&self, now: Timestamp) -> PortResult<()> {
        self.discovery.endpoints(now).await.map(drop)
    }

    /// The claims of a token that is ours, signed, and in its time.
    async fn claims(&self, token: &str, now: Timestamp) -> Result<Claims, GoogleError> {
        let id = id_token::key_id(token)?;
        let key = self.keys.find(&id, &self.discovery, now).await?;
        let key = key.ok_or(GoogleError::Invalid("key"))?;
        let claims = id_token::signed(token, &key, &self.settings)?;
        claims.check_time(now)?;
        Ok(claims)
    }
}

#[async_trait]
impl GoogleAccounts for Google {
    async fn verify(&self, id_token: &str, now: Timestamp) -> Result<GoogleIdentity, GoogleError> {
        self.claims(id_token, now).await?.identity()
    }

    async fn authorization_url(&self, pending: &PendingGoogle, now: Timestamp) -> PortResult<Url> {
        let endpoints = self.discovery.endpoints(now).await?;
        code_flow::url(&self.settings, endpoints, pending)
    }

    async fn redeem(
        &self,
        code: &str,
        pending: &PendingGoogle,
        now: Timestamp,
    ) -> Result<GoogleIdentity, GoogleError> {
        let endpoints = self.discovery.endpoints(now).await?;
        let back = (code, pending);
        let token = code_flow::redeem(&self.fetch, &self.settings, endpoints, back).await?;
        let claims = self.claims(&token, now).await?;
        claims.check_nonce(&pending.nonce)?;
        claims.identity()
    }
}
