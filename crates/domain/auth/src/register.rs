//! Making an account with a password.

use kernel::{Fault, PortError, UserId};

use crate::auth::{About, Auth};
use crate::mint::crowded;
use crate::outcome::{RegisterError, SignedIn};
use crate::{Account, AttemptKind, Audited, EmailAddress, NewPassword, Origin};

impl Auth {
    /// Makes an account and signs its owner in. The address is only claimed until the mail that
    /// is sent now is answered.
    pub async fn register(
        &self,
        email: &EmailAddress,
        password: &NewPassword,
        origin: &Origin,
    ) -> Result<SignedIn, RegisterError> {
        let now = self.now();
        let kind = AttemptKind::Register;
        self.admit(kind, Some(email), origin, now).await?;
        let hash = self.ports.hasher.hash(password.as_password()).await?;
        let id: UserId = self.ports.ids.next(now).into();
        let account = Account::with_password(id, email.clone(), hash, now);
        let audit = self.event(now, Audited::Registered, &About::own(id, origin));
        let created = self.ports.accounts.create(&account, &audit).await;
        created.map_err(taken)?;
        let tokens = self.open(&account, origin, now).await?;
        self.welcome(&account, now).await;
        Ok(SignedIn {
            tokens: tokens.ok_or(crowded("sign in to the new account"))?,
            account,
            suggested_name: None,
        })
    }
}

fn taken(error: PortError) -> RegisterError {
    match error.fault() {
        Fault::Conflict => RegisterError::EmailTaken,
        _ => RegisterError::Port(error),
    }
}
