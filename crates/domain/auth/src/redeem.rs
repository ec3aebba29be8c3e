//! Using a secret that came by mail.

use kernel::Timestamp;

use crate::auth::{About, Auth};
use crate::change::Changed;
use crate::mint::{TRIES, crowded};
use crate::outcome::RedeemError;
use crate::ports::Cut;
use crate::{
    Account, AttemptKind, Audited, EndReason, NewPassword, OpaqueToken, Origin, Purpose, TokenHash,
};

impl Auth {
    /// Verifies the address a mail went to.
    pub async fn verify_address(&self, token: &str, origin: &Origin) -> Result<(), RedeemError> {
        let now = self.now();
        self.admit(AttemptKind::Redeem, None, origin, now).await?;
        let hash = hash_of(token)?;
        for _ in 0..TRIES {
            let account = self.mailed_to(hash, Purpose::VerifyAddress, now).await?;
            let Some(verified) = account.verify(now) else {
                return Ok(());
            };
            let about = About::own(account.id, origin);
            let event = self.event(now, Audited::AddressVerified, &about);
            let change = (verified, vec![event]);
            if settled(&self.change(change, Some(hash), Cut::Nothing).await?)? {
                return Ok(());
            }
        }
        Err(crowded("verify an address").into())
    }

    /// Sets a new password and signs every device out. Whoever reads the mail owns the address,
    /// so that is verified too.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &NewPassword,
        origin: &Origin,
    ) -> Result<(), RedeemError> {
        let now = self.now();
        self.admit(AttemptKind::Redeem, None, origin, now).await?;
        let hash = hash_of(token)?;
        self.mailed_to(hash, Purpose::ResetPassword, now).await?;
        let password = self.ports.hasher.hash(password.as_password()).await?;
        for _ in 0..TRIES {
            let account = self.mailed_to(hash, Purpose::ResetPassword, now).await?;
            let about = About::own(account.id, origin);
            let event = self.event(now, Audited::PasswordReset, &about);
            let change = (account.reset_password(password.clone(), now), vec![event]);
            let cut = Cut::Families(EndReason::PasswordReset);
            if settled(&self.change(change, Some(hash), cut).await?)? {
                return Ok(());
            }
        }
        Err(crowded("reset a password").into())
    }

    async fn mailed_to(
        &self,
        hash: TokenHash,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Account, RedeemError> {
        let token = self.ports.mailed.find(&hash).await?;
        let token = token.filter(|token| token.serves(purpose, now));
        let token = token.ok_or(RedeemError::Invalid)?;
        let account = self.ports.accounts.find(token.user).await?;
        let account = account.filter(Account::is_active);
        account.ok_or(RedeemError::Invalid)
    }
}

fn hash_of(token: &str) -> Result<TokenHash, RedeemError> {
    let token = OpaqueToken::parse(token).ok_or(RedeemError::Invalid)?;
    Ok(token.hash())
}

const fn settled(changed: &Changed) -> Result<bool, RedeemError> {
    match changed {
        Changed::Done(_) => Ok(true),
        Changed::Moved => Ok(false),
        Changed::TokenUsed => Err(RedeemError::Invalid),
    }
}
