//! Signing in with Google.

use std::sync::Arc;

use kernel::{Fault, PortResult, Timestamp, UserId};
use url::Url;

use crate::auth::{About, Auth};
use crate::change::Changed;
use crate::google::{GoogleAccounts, GoogleError, GoogleIdentity, PendingGoogle};
use crate::mint::{TRIES, crowded};
use crate::outcome::{GoogleSignInError, SignedIn};
use crate::ports::Cut;
use crate::{Account, AttemptKind, Audited, EndReason, Origin};

impl Auth {
    /// Signs in with an ID token that a native client got from Google.
    pub async fn sign_in_with_google(
        &self,
        id_token: &str,
        origin: &Origin,
    ) -> Result<SignedIn, GoogleSignInError> {
        let google = self.google()?;
        let now = self.now();
        self.admit(AttemptKind::Google, None, origin, now).await?;
        let identity = google.verify(id_token, now).await;
        self.enter(identity, origin, now).await
    }

    /// Begins a sign-in in a browser: where to send it, and what it must keep until it is back.
    pub async fn start_google(&self) -> Result<(Url, PendingGoogle), GoogleSignInError> {
        let google = self.google()?;
        let pending = PendingGoogle::draw(self.ports.secrets.as_ref())?;
        match google.authorization_url(&pending, self.now()).await {
            Ok(url) => Ok((url, pending)),
            Err(error) if error.fault() == Fault::Refused => Err(GoogleSignInError::NotSetUp),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a sign-in in a browser that came back with a code and a state.
    pub async fn finish_google(
        &self,
        (code, state): (&str, &str),
        pending: &PendingGoogle,
        origin: &Origin,
    ) -> Result<SignedIn, GoogleSignInError> {
        let google = self.google()?;
        let now = self.now();
        self.admit(AttemptKind::Google, None, origin, now).await?;
        // Both sides are the browser's own: no secret of ours shows in how long this takes.
        let identity = if state == pending.state.expose() {
            google.redeem(code, pending, now).await
        } else {
            Err(GoogleError::Invalid("state"))
        };
        self.enter(identity, origin, now).await
    }

    fn google(&self) -> Result<&Arc<dyn GoogleAccounts>, GoogleSignInError> {
        let google = self.ports.google.as_ref();
        google.ok_or(GoogleSignInError::NotSetUp)
    }

    async fn enter(
        &self,
        identity: Result<GoogleIdentity, GoogleError>,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<SignedIn, GoogleSignInError> {
        let identity = match identity {
            Ok(identity) => identity,
            Err(error) => {
                self.note(now, Audited::GoogleRefused, &About::stranger(origin))
                    .await?;
                return Err(error.into());
            }
        };
        for _ in 0..TRIES {
            let (account, suggested_name) = self.account_of(&identity, origin, now).await?;
            self.require_active(&account, origin, now).await?;
            if let Some(tokens) = self.open(&account, origin, now).await? {
                return Ok(SignedIn {
                    account,
                    tokens,
                    suggested_name,
                });
            }
        }
        Err(crowded("sign in: the account keeps changing").into())
    }

    async fn require_active(
        &self,
        account: &Account,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<(), GoogleSignInError> {
        if account.is_active() {
            return Ok(());
        }
        let about = About::stranger_to(account.id, origin);
        self.note(now, Audited::SignInFailed, &about).await?;
        Err(GoogleSignInError::Disabled)
    }

    /// The identity's account: its own, the one of its address if it may join, or a new one; for
    /// a new one also the name Google gives.
    async fn account_of(
        &self,
        identity: &GoogleIdentity,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<(Account, Option<String>), GoogleSignInError> {
        let accounts = &self.ports.accounts;
        for _ in 0..TRIES {
            if let Some(own) = accounts.find_by_google(&identity.subject).await? {
                return Ok((own, None));
            }
            if let Some(same) = accounts.find_by_email(&identity.email).await? {
                if let Some(joined) = self.joined(&same, identity, origin, now).await? {
                    return Ok((joined, None));
                }
            } else if let Some(new) = self.created(identity, origin, now).await? {
                return Ok((new, identity.name.clone()));
            }
        }
        Err(crowded("find the account of a Google identity").into())
    }

    /// `None` when the account has changed in the meantime. A disabled account is not joined.
    async fn joined(
        &self,
        account: &Account,
        identity: &GoogleIdentity,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Option<Account>, GoogleSignInError> {
        if !account.is_active() {
            return Ok(Some(account.clone()));
        }
        let about = About::own(account.id, origin);
        let joined = match account.join(identity) {
            Ok(joined) => joined,
            Err(refused) => {
                let about = About::stranger_to(account.id, origin);
                self.note(now, Audited::GoogleRefused, &about).await?;
                return Err(refused.into());
            }
        };
        let (events, cut) = if account.password().is_some() && joined.password().is_none() {
            let dropped = [Audited::GoogleJoined, Audited::PasswordDropped];
            (dropped.to_vec(), Cut::Families(EndReason::GoogleJoined))
        } else {
            (vec![Audited::GoogleJoined], Cut::Nothing)
        };
        let events = events.into_iter();
        let events = events.map(|what| self.event(now, what, &about)).collect();
        let changed = self.change((joined, events), None, cut).await?;
        Ok(match changed {
            Changed::Done(account) => Some(account),
            Changed::Moved | Changed::TokenUsed => None,
        })
    }

    /// `None` when somebody else has made an account of this address or identity just now.
    async fn created(
        &self,
        identity: &GoogleIdentity,
        origin: &Origin,
        now: Timestamp,
    ) -> PortResult<Option<Account>> {
        let id: UserId = self.ports.ids.next(now).into();
        let account = Account::with_google(id, identity, now);
        let audit = self.event(now, Audited::Registered, &About::own(id, origin));
        match self.ports.accounts.create(&account, &audit).await {
            Ok(()) => Ok(Some(account)),
            Err(error) if error.fault() == Fault::Conflict => Ok(None),
            Err(error) => Err(error),
        }
    }
}
