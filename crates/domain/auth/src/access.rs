//! Access tokens: short, signed, checked without asking anyone.

use kernel::{PortResult, Timestamp, TokenId, UserId};

use crate::{EmailAddress, Role};

/// What an access token says. Issuer and audience are the signer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// Whose it is (`sub` and `userId`).
    pub user: UserId,
    /// The account's address.
    pub email: EmailAddress,
    /// What the account may do.
    pub role: Role,
    /// The token's own id (`jti`).
    pub id: TokenId,
    /// When it was signed, whole seconds.
    pub issued_at: Timestamp,
    /// When it ends, whole seconds.
    pub expires_at: Timestamp,
}

/// Why an access token was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// Its time is over.
    #[error("the access token has expired")]
    Expired,
    /// It is not one of ours, or not as we signed it.
    #[error("the access token is not valid")]
    Invalid,
}

/// Signs and checks access tokens. One algorithm, named by the server and never by the token;
/// the key before the current one still checks, so that a change of keys logs nobody out.
pub trait AccessTokens: Send + Sync {
    /// The signed token.
    fn sign(&self, claims: &AccessClaims) -> PortResult<String>;

    /// What a token says at `now`. Clocks of other replicas may differ by up to a minute.
    fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, AccessTokenError>;

    /// What a token of ours says, whether its time is over or not: enough to sign its device out,
    /// and for nothing else. `None` if it is not one of ours, or not as we signed it.
    fn read(&self, token: &str) -> Option<AccessClaims>;
}

/// An access token that was handed out, as far as it must be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuedAccess {
    /// Its id.
    pub id: TokenId,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}
