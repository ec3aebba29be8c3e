//! Signing in with a password.

use kernel::{PortResult, Timestamp};

use crate::auth::{About, Auth};
use crate::mint::{TRIES, crowded};
use crate::outcome::{SignInError, SignedIn};
use crate::ports::{AccountChange, Applied, Cut};
use crate::{Account, AttemptKind, Audited, EmailAddress, Origin, Password, Verdict};

impl Auth {
    /// Signs in. A missing account, an account without a password and a wrong password take the
    /// same steps (one look-up, one slow comparison, one line of audit) and give the same answer.
    pub async fn sign_in(
        &self,
        email: &EmailAddress,
        password: &Password,
        origin: &Origin,
    ) -> Result<SignedIn, SignInError> {
        let now = self.now();
        let kind = AttemptKind::SignIn;
        let attempt = self.admit(kind, Some(email), origin, now).await?;
        for _ in 0..TRIES {
            if let Some(signed_in) = self.try_sign_in(email, password, origin).await? {
                let limiter = &self.ports.limiter;
                limiter.give_back(&attempt.buckets()).await?;
                return Ok(signed_in);
            }
        }
        Err(crowded("sign in: the account keeps changing").into())
    }

    /// `None` when the account has changed in the meantime.
    async fn try_sign_in(
        &self,
        email: &EmailAddress,
        password: &Password,
        origin: &Origin,
    ) -> Result<Option<SignedIn>, SignInError> {
        let now = self.now();
        let account = self.ports.accounts.find_by_email(email).await?;
        let verdict = self.compare(account.as_ref(), password).await?;
        let account = self.proven(account, verdict, origin, now).await?;
        let account = self.renewed(account, verdict, password, origin).await;
        let tokens = self.open(&account, origin, now).await?;
        Ok(tokens.map(|tokens| SignedIn {
            account,
            tokens,
            suggested_name: None,
        }))
    }

    /// Always compares with something.
    async fn compare(&self, account: Option<&Account>, password: &Password) -> PortResult<Verdict> {
        let hasher = &self.ports.hasher;
        if let Some(hash) = account.and_then(Account::password) {
            return hasher.verify(password, hash).await;
        }
        hasher.verify(password, hasher.decoy()).await?;
        Ok(Verdict::Wrong)
    }

    async fn proven(
        &self,
        account: Option<Account>,
        verdict: Verdict,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Account, SignInError> {
        let subject = account.as_ref().map(|account| account.id);
        let error = match (account, verdict) {
            (Some(account), Verdict::Right | Verdict::RightButOutdated) if account.is_active() => {
                return Ok(account);
            }
            (Some(_), Verdict::Right | Verdict::RightButOutdated) => SignInError::Disabled,
            _ => SignInError::WrongCredentials,
        };
        let about = About {
            subject,
            ..About::stranger(origin)
        };
        self.note(now, Audited::SignInFailed, &about).await?;
        Err(error)
    }

    /// The account with its password hashed as new ones are. When that cannot be done now, the
    /// old hash is good for another time.
    async fn renewed(
        &self,
        account: Account,
        verdict: Verdict,
        password: &Password,
        origin: &Origin,
    ) -> Account {
        if verdict != Verdict::RightButOutdated {
            return account;
        }
        match self.rehash(&account, password, origin).await {
            Ok(renewed) => renewed,
            Err(error) => {
                tracing::warn!(user = %account.id, error = %error, "password not hashed anew");
                account
            }
        }
    }

    async fn rehash(
        &self,
        account: &Account,
        password: &Password,
        origin: &Origin,
    ) -> PortResult<Account> {
        let at = self.now();
        let renewed = account.rehash(self.ports.hasher.hash(password).await?);
        let about = About::own(account.id, origin);
        let change = AccountChange {
            account: renewed.clone(),
            redeems: None,
            cut: Cut::Nothing,
            audit: vec![self.event(at, Audited::PasswordRehashed, &about)],
            at,
        };
        match self.ports.accounts.apply(&change).await? {
            Applied::Done(_) => Ok(renewed),
            // The family will not open for this version either, and all is done again.
            Applied::Moved | Applied::TokenUsed => Ok(account.clone()),
        }
    }
}
