//! Swapping a refresh token for the next pair of tokens.

use kernel::{PortResult, Timestamp};

use crate::auth::{About, Auth};
use crate::family::{Held, Presented};
use crate::mint::{TRIES, crowded};
use crate::outcome::{RefreshError, TokenPair};
use crate::ports::{Ending, FamilyKey, Stepped, Succession};
use crate::{Audited, EndReason, OpaqueToken, Origin};

impl Auth {
    /// Swaps a refresh token. Presented again within [`crate::REPEAT_WITHIN`] it gives another
    /// pair of the same family, and the first pair stays good; after that its family ends.
    pub async fn refresh(&self, token: &str, origin: &Origin) -> Result<TokenPair, RefreshError> {
        let token = OpaqueToken::parse(token).ok_or(RefreshError::Invalid)?;
        let key = FamilyKey::Refresh(token.hash());
        // When it was presented, however long the store takes: a wait must not make a repeat a theft.
        let now = self.now();
        for _ in 0..TRIES {
            let held = self.ports.families.find(key).await?;
            let held = held.ok_or(RefreshError::Invalid)?;
            match held.present(now) {
                Presented::Dead => return Err(RefreshError::Invalid),
                Presented::Reused => {
                    self.end_reused(&held, origin, now).await?;
                    return Err(RefreshError::Reused);
                }
                Presented::Swap | Presented::Repeat => {}
            }
            if let Some(pair) = self.succeed(&held, now).await? {
                return Ok(pair);
            }
        }
        Err(crowded("refresh: the family keeps changing").into())
    }

    /// `None` when family or account have changed since they were read.
    async fn succeed(
        &self,
        held: &Held,
        now: Timestamp,
    ) -> Result<Option<TokenPair>, RefreshError> {
        let account = self.ports.accounts.find(held.family.user).await?;
        let account = account.filter(crate::Account::is_active);
        let account = account.ok_or(RefreshError::Invalid)?;
        let (pair, successor) = self.mint(&account, held.family.id, now)?;
        let succession = Succession {
            user: account.id,
            account_version: account.version,
            presented: held.token.hash,
            swapped_at: held.token.swapped_at,
            successor,
        };
        let stepped = self.ports.families.succeed(&succession).await?;
        Ok((stepped == Stepped::Done).then_some(pair))
    }

    async fn end_reused(&self, held: &Held, origin: &Origin, now: Timestamp) -> PortResult<()> {
        let user = held.family.user;
        let about = About::stranger_to(user, origin);
        let ending = Ending {
            user,
            family: held.family.id,
            at: now,
            reason: EndReason::Reused,
            audit: self.event(now, Audited::RefreshReused, &about),
        };
        self.end(&ending).await.map(drop)
    }

    /// Ends a family and takes its access tokens out of use here and now; `false` if there was
    /// nothing to end.
    pub(crate) async fn end(&self, ending: &Ending) -> PortResult<bool> {
        let cut = self.ports.families.end(ending).await?;
        let ended = cut.is_some();
        self.revocations.add(cut.unwrap_or_default(), ending.at);
        Ok(ended)
    }
}
