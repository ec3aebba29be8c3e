//! Storing a change to an account, and taking cut tokens out of use at once.

use kernel::PortResult;

use crate::auth::Auth;
use crate::ports::{AccountChange, Applied, Cut};
use crate::{Account, AuditEvent, TokenHash};

/// What became of a change.
pub(crate) enum Changed {
    /// It is stored.
    Done(Account),
    /// The account has changed in the meantime.
    Moved,
    /// The mailed token was used before.
    TokenUsed,
}

impl Auth {
    /// Stores an account's next version with its audit.
    pub(crate) async fn change(
        &self,
        (account, audit): (Account, Vec<AuditEvent>),
        redeems: Option<TokenHash>,
        cut: Cut,
    ) -> PortResult<Changed> {
        let change = AccountChange {
            account,
            redeems,
            cut,
            audit,
            at: self.now(),
        };
        match self.ports.accounts.apply(&change).await? {
            Applied::Done(tokens) => {
                self.revocations.add(tokens, change.at);
                Ok(Changed::Done(change.account))
            }
            Applied::Moved => Ok(Changed::Moved),
            Applied::TokenUsed => Ok(Changed::TokenUsed),
        }
    }
}
