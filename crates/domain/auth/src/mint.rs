//! Making tokens and handing them out.

use chrono::SubsecRound;
use kernel::{FamilyId, Fault, PortError, PortResult, Timestamp};

use crate::auth::{About, Auth};
use crate::outcome::TokenPair;
use crate::ports::{Opening, Stepped};
use crate::{
    AccessClaims, Account, Audited, Family, IssuedAccess, OpaqueToken, Origin, RefreshToken,
};

/// How often a step is taken again when something has changed under it.
pub(crate) const TRIES: usize = 4;

/// The step lost against others [`TRIES`] times.
pub(crate) const fn crowded(context: &'static str) -> PortError {
    PortError::bare(Fault::Unavailable, context)
}

impl Auth {
    /// Tokens for this account at `now`: what is handed out, and what is kept of it.
    pub(crate) fn mint(
        &self,
        account: &Account,
        family: FamilyId,
        now: Timestamp,
    ) -> PortResult<(TokenPair, RefreshToken)> {
        let issued_at = now.trunc_subsecs(0);
        let claims = AccessClaims {
            user: account.id,
            email: account.email.clone(),
            role: account.role,
            id: self.ports.ids.next(now).into(),
            issued_at,
            expires_at: issued_at + self.rules.access_for,
        };
        let refresh = OpaqueToken::draw(self.ports.secrets.as_ref())?;
        let kept = RefreshToken {
            hash: refresh.hash(),
            family,
            issued_at: now,
            expires_at: now + self.rules.refresh_for,
            swapped_at: None,
            access: IssuedAccess {
                id: claims.id,
                expires_at: claims.expires_at,
            },
        };
        let pair = TokenPair {
            access: self.ports.access.sign(&claims)?,
            access_expires_at: claims.expires_at,
            refresh,
            refresh_expires_at: kept.expires_at,
        };
        Ok((pair, kept))
    }

    /// Opens a family for an account that has shown who it is; `None` when the account has
    /// changed since it was read.
    pub(crate) async fn open(
        &self,
        account: &Account,
        origin: &Origin,
        now: Timestamp,
    ) -> PortResult<Option<TokenPair>> {
        let id: FamilyId = self.ports.ids.next(now).into();
        let (pair, token) = self.mint(account, id, now)?;
        let family = Family {
            id,
            user: account.id,
            device: origin.device.clone(),
            opened_at: now,
            last_used_at: now,
            ended: None,
        };
        let opening = Opening {
            account_version: account.version,
            family,
            token,
            audit: self.event(now, Audited::SignedIn, &About::own(account.id, origin)),
        };
        match self.ports.families.open(&opening).await? {
            Stepped::Done => Ok(Some(pair)),
            Stepped::Moved => Ok(None),
        }
    }
}
