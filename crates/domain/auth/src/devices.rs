//! The devices somebody is signed in on.

use kernel::{FamilyId, PortResult};

use crate::auth::{About, Auth};
use crate::ports::{Ending, FamilyKey};
use crate::{Audited, Caller, EndReason, Family, Origin};

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInDevice {
    /// Its family.
    pub family: Family,
    /// The device that asks.
    pub is_this_one: bool,
}

impl Auth {
    /// The caller's devices, last used first.
    pub async fn devices(&self, caller: &Caller) -> PortResult<Vec<SignedInDevice>> {
        let key = FamilyKey::Access(caller.token);
        let this = self.ports.families.find(key).await?;
        let this = this.map(|held| held.family.id);
        let families = self.ports.families.list(caller.user, self.now()).await?;
        let device = |family: Family| SignedInDevice {
            is_this_one: Some(family.id) == this,
            family,
        };
        Ok(families.into_iter().map(device).collect())
    }

    /// Signs one of the caller's devices out; `false` if the caller has no such device signed in.
    pub async fn sign_out_device(
        &self,
        caller: &Caller,
        device: FamilyId,
        origin: &Origin,
    ) -> PortResult<bool> {
        let now = self.now();
        let about = About::own(caller.user, origin);
        let ending = Ending {
            user: caller.user,
            family: device,
            at: now,
            reason: EndReason::SignedOutRemotely,
            audit: self.event(now, Audited::DeviceSignedOut, &about),
        };
        self.end(&ending).await
    }

    /// The caller's account; `None` if it is gone.
    pub async fn me(&self, caller: &Caller) -> PortResult<Option<crate::Account>> {
        self.ports.accounts.find(caller.user).await
    }
}
