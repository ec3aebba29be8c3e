//! Whom the operator means.

use auth::{AccountStore, EmailAddress};
use kernel::UserId;

use super::App;

impl App {
    /// The user with this address, this id or, in open mode, this name.
    ///
    /// # Errors
    /// When no account has the address.
    pub(crate) async fn user(&self, who: &str) -> anyhow::Result<UserId> {
        let Ok(email) = who.parse::<EmailAddress>() else {
            return Ok(UserId::from_name(who));
        };
        let account = self.database.find_by_email(&email).await?;
        let account = account.ok_or_else(|| anyhow::anyhow!("no account has the address {who}"))?;
        Ok(account.id)
    }
}
