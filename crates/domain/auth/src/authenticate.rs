//! Telling who asks.

use kernel::{Timestamp, TokenId, UserId};

use crate::auth::Auth;
use crate::outcome::Unauthenticated;
use crate::{AccessClaims, AccessTokenError, EmailAddress, Role};

/// Who asks, as their access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// What they may do.
    pub role: Role,
    /// The access token's id.
    pub token: TokenId,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Auth {
    /// Who presents this access token. Costs one signature, one look-up in memory and the reading
    /// of one number, whatever the size of the blacklist.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, Unauthenticated> {
        let now = self.now();
        let claims = self.ports.access.verify(token, now).map_err(refused)?;
        if self.revocations.is_revoked(claims.id, now).await? {
            return Err(Unauthenticated::Revoked);
        }
        let AccessClaims {
            user,
            email,
            role,
            id,
            issued_at: _,
            expires_at,
        } = claims;
        Ok(Caller {
            user,
            email,
            role,
            token: id,
            expires_at,
        })
    }
}

const fn refused(error: AccessTokenError) -> Unauthenticated {
    match error {
        AccessTokenError::Expired => Unauthenticated::Expired,
        AccessTokenError::Invalid => Unauthenticated::Invalid,
    }
}
