//! Google accounts, as far as they are asked.

use async_trait::async_trait;
use kernel::{PortError, PortResult, Timestamp};
use url::Url;

use crate::credentials::GoogleSubject;
use crate::{EmailAddress, OpaqueToken, SecretBytes};

/// Who Google says somebody is. There is none without a verified address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleIdentity {
    /// Google's name for the person, for good.
    pub subject: GoogleSubject,
    /// The address Google has verified.
    pub email: EmailAddress,
    /// What the person is called.
    pub name: Option<String>,
}

/// Why Google's word was not taken.
#[derive(Debug, thiserror::Error)]
pub enum GoogleError {
    /// Signature, audience, issuer, time, nonce, or an unverified address; says which.
    #[error("the Google token is not valid: {0}")]
    Invalid(&'static str),
    /// Google could not be asked.
    #[error("Google could not be asked")]
    Port(#[from] PortError),
}

/// A browser sign-in that has begun: three secrets the browser keeps (in a cookie it cannot read)
/// until Google sends it back.
#[derive(Debug, Clone)]
pub struct PendingGoogle {
    /// Comes back in the query: this browser began it.
    pub state: OpaqueToken,
    /// Comes back inside the ID token: it was made for this sign-in.
    pub nonce: OpaqueToken,
    /// Shown when the code is redeemed (PKCE, RFC 7636): who redeems is who began.
    pub verifier: OpaqueToken,
}

impl PendingGoogle {
    pub(crate) fn draw(secrets: &dyn SecretBytes) -> PortResult<Self> {
        Ok(Self {
            state: OpaqueToken::draw(secrets)?,
            nonce: OpaqueToken::draw(secrets)?,
            verifier: OpaqueToken::draw(secrets)?,
        })
    }

    /// One cookie value: the three secrets, separated by dots.
    pub fn to_cookie(&self) -> String {
        let parts = [&self.state, &self.nonce, &self.verifier];
        parts.map(OpaqueToken::expose).join(".")
    }

    /// From the cookie value; `None` for any other text.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let mut parts = value.split('.').map(OpaqueToken::parse);
        let pending = Self {
            state: parts.next()??,
            nonce: parts.next()??,
            verifier: parts.next()??,
        };
        parts.next().is_none().then_some(pending)
    }
}

/// Asks Google, or whoever the issuer is.
#[async_trait]
pub trait GoogleAccounts: Send + Sync {
    /// Who an ID token from a native client speaks of.
    async fn verify(&self, id_token: &str, now: Timestamp) -> Result<GoogleIdentity, GoogleError>;

    /// Where a browser is sent to sign in.
    ///
    /// # Errors
    /// [`kernel::Fault::Refused`] when no client secret is set.
    async fn authorization_url(&self, pending: &PendingGoogle, now: Timestamp) -> PortResult<Url>;

    /// Who came back with this code.
    async fn redeem(
        &self,
        code: &str,
        pending: &PendingGoogle,
        now: Timestamp,
    ) -> Result<GoogleIdentity, GoogleError>;
}
