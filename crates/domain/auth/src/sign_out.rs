//! Signing out.

use kernel::{PortResult, Timestamp};

use crate::auth::{About, Auth};
use crate::ports::{Ending, FamilyKey};
use crate::{Audited, EndReason, OpaqueToken, Origin};

impl Auth {
    /// Ends the families that the presented tokens belong to; all their access tokens are refused
    /// from now on. An access token counts here after its end too: its device is still signed in.
    /// A token whose family has ended, or that never was one, changes nothing: signing out twice
    /// is signing out.
    pub async fn sign_out(
        &self,
        refresh: Option<&str>,
        access: Option<&str>,
        origin: &Origin,
    ) -> PortResult<()> {
        let now = self.now();
        let refresh = refresh.and_then(OpaqueToken::parse);
        let access = access.and_then(|token| self.ports.access.read(token));
        let keys = [
            refresh.map(|token| FamilyKey::Refresh(token.hash())),
            access.map(|claims| FamilyKey::Access(claims.id)),
        ];
        for key in keys.into_iter().flatten() {
            self.end_found(key, origin, now).await?;
        }
        Ok(())
    }

    async fn end_found(&self, key: FamilyKey, origin: &Origin, now: Timestamp) -> PortResult<()> {
        let Some(held) = self.ports.families.find(key).await? else {
            return Ok(());
        };
        let user = held.family.user;
        let about = About::own(user, origin);
        let ending = Ending {
            user,
            family: held.family.id,
            at: now,
            reason: EndReason::SignedOut,
            audit: self.event(now, Audited::SignedOut, &about),
        };
        self.end(&ending).await.map(drop)
    }
}
