//! What admins do. Each of it is written down.

use kernel::{Fault, Page, PageRequest, PortError, PortResult, Timestamp, UserId};

use crate::auth::{About, Auth};
use crate::change::Changed;
use crate::mint::{TRIES, crowded};
use crate::ports::{AccountFilter, Cut};
use crate::{
    Account, AuditEvent, Audited, Caller, EmailAddress, EndReason, NewPassword, Origin, Ownership,
    PasswordSetter, Role, Totals,
};

/// Manages accounts and reads the audit.
#[derive(Clone)]
pub struct Admin {
    auth: Auth,
}

/// The right to manage accounts; whoever has one may.
#[derive(Debug, Clone)]
pub struct AdminPermit {
    actor: Option<UserId>,
    origin: Origin,
}

impl AdminPermit {
    /// For a caller who is admin; `None` for everybody else.
    pub fn of(caller: &Caller, origin: Origin) -> Option<Self> {
        (caller.role == Role::Admin).then_some(Self {
            actor: Some(caller.user),
            origin,
        })
    }

    /// For the operator at the machine's own command line.
    pub fn of_operator() -> Self {
        Self {
            actor: None,
            origin: Origin::default(),
        }
    }

    const fn about(&self, subject: Option<UserId>) -> About<'_> {
        About {
            actor: self.actor,
            subject,
            origin: &self.origin,
        }
    }
}

/// Whether an account shall be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It shall.
    Enabled,
    /// It shall be closed and all its devices signed out.
    Disabled,
}

/// What shall change; `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdminChange {
    /// The role.
    pub role: Option<Role>,
    /// Whether the account is open.
    pub access: Option<Access>,
}

/// Why an admin's change was not made.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such account.
    #[error("no such account")]
    NotFound,
    /// Admins do not change their own role or access: the last one would be gone.
    #[error("admins do not change their own role or access")]
    OwnAccount,
    /// A port failed.
    #[error("the account could not be read or changed")]
    Port(#[from] PortError),
}

/// Why an admin's new account was not made.
#[derive(Debug, thiserror::Error)]
pub enum AdminCreateError {
    /// There is an account with this address.
    #[error("the address has an account")]
    EmailTaken,
    /// A port failed.
    #[error("the account could not be made")]
    Port(#[from] PortError),
}

impl Admin {
    /// The facade beside [`Auth`].
    pub const fn new(auth: Auth) -> Self {
        Self { auth }
    }

    /// Accounts, newest first.
    pub async fn accounts(
        &self,
        permit: &AdminPermit,
        filter: &AccountFilter,
        page: PageRequest,
    ) -> PortResult<Page<Account>> {
        self.note(permit, Audited::AccountsListed, None).await?;
        self.auth.ports.accounts.list(filter, page).await
    }

    /// One account.
    pub async fn account(&self, permit: &AdminPermit, id: UserId) -> Result<Account, AdminError> {
        self.note(permit, Audited::AccountRead, Some(id)).await?;
        let account = self.auth.ports.accounts.find(id).await?;
        account.ok_or(AdminError::NotFound)
    }

    /// The account with this address.
    pub async fn account_by_email(
        &self,
        permit: &AdminPermit,
        email: &EmailAddress,
    ) -> Result<Account, AdminError> {
        let account = self.auth.ports.accounts.find_by_email(email).await?;
        let id = account.as_ref().map(|account| account.id);
        self.note(permit, Audited::AccountRead, id).await?;
        account.ok_or(AdminError::NotFound)
    }

    /// Makes an account whose address the admin vouches for.
    pub async fn create(
        &self,
        permit: &AdminPermit,
        (email, password): (&EmailAddress, &NewPassword),
        role: Role,
    ) -> Result<Account, AdminCreateError> {
        let (now, ports) = (self.auth.now(), &self.auth.ports);
        let hash = ports.hasher.hash(password.as_password()).await?;
        let id: UserId = ports.ids.next(now).into();
        let account = Account {
            ownership: Ownership::Verified(now),
            password_set_by: PasswordSetter::Owner,
            role,
            ..Account::with_password(id, email.clone(), hash, now)
        };
        let audit = self.event(permit, now, Audited::Registered, Some(id));
        match ports.accounts.create(&account, &audit).await {
            Ok(()) => Ok(account),
            Err(error) if error.fault() == Fault::Conflict => Err(AdminCreateError::EmailTaken),
            Err(error) => Err(error.into()),
        }
    }

    /// The audit, newest first, of one account where given.
    pub async fn audit(
        &self,
        permit: &AdminPermit,
        subject: Option<UserId>,
        page: PageRequest,
    ) -> PortResult<Page<AuditEvent>> {
        self.note(permit, Audited::AuditRead, subject).await?;
        self.auth.ports.audit.list(subject, page).await
    }

    /// How much there is of everything.
    pub async fn totals(&self, permit: &AdminPermit) -> PortResult<Totals> {
        self.note(permit, Audited::TotalsRead, None).await?;
        let today = self.auth.now().date_naive();
        self.auth.ports.census.totals(today).await
    }

    /// Writes down that what models have cost is read, of one account where given.
    pub async fn reads_usage(
        &self,
        permit: &AdminPermit,
        subject: Option<UserId>,
    ) -> PortResult<()> {
        self.note(permit, Audited::UsageRead, subject).await
    }

    /// Changes role or access. A new role takes the access tokens of the old one out of use; a
    /// closed account is signed out everywhere. What is so already is left, and not written down.
    pub async fn change(
        &self,
        permit: &AdminPermit,
        id: UserId,
        change: AdminChange,
    ) -> Result<Account, AdminError> {
        if permit.actor == Some(id) {
            return Err(AdminError::OwnAccount);
        }
        for _ in 0..TRIES {
            let account = self.auth.ports.accounts.find(id).await?;
            let account = account.ok_or(AdminError::NotFound)?;
            let Some((next, events, cut)) = self.decide(permit, &account, change) else {
                return Ok(account);
            };
            if let Changed::Done(account) = self.auth.change((next, events), None, cut).await? {
                return Ok(account);
            }
        }
        Err(crowded("change an account").into())
    }

    /// The account's next version, what is written down, and what is cut; `None` if all is so
    /// already.
    fn decide(
        &self,
        permit: &AdminPermit,
        account: &Account,
        change: AdminChange,
    ) -> Option<(Account, Vec<AuditEvent>, Cut)> {
        let now = self.auth.now();
        let role = change.role.and_then(|role| account.assign(role));
        let assigned = role.as_ref().unwrap_or(account);
        let access = match change.access {
            Some(Access::Enabled) => assigned.enable(),
            Some(Access::Disabled) => assigned.disable(now),
            None => None,
        };
        let cut = match &access {
            Some(next) if !next.is_active() => Cut::Families(EndReason::AccountDisabled),
            _ => Cut::Access,
        };
        let named = [
            role.as_ref().map(|next| role_event(next.role)),
            access.as_ref().map(access_event),
        ];
        let event = |what| self.event(permit, now, what, Some(account.id));
        let events = named.into_iter().flatten().map(event).collect();
        let mut next = access.or(role)?;
        // One stored change, however many things it changes.
        next.version = account.version + 1;
        Some((next, events, cut))
    }

    fn event(
        &self,
        permit: &AdminPermit,
        at: Timestamp,
        what: Audited,
        subject: Option<UserId>,
    ) -> AuditEvent {
        self.auth.event(at, what, &permit.about(subject))
    }

    async fn note(
        &self,
        permit: &AdminPermit,
        what: Audited,
        subject: Option<UserId>,
    ) -> PortResult<()> {
        let event = self.event(permit, self.auth.now(), what, subject);
        self.auth.ports.audit.append(&event).await
    }
}

const fn role_event(role: Role) -> Audited {
    match role {
        Role::Admin => Audited::AdminGranted,
        Role::User => Audited::AdminRevoked,
    }
}

const fn access_event(next: &Account) -> Audited {
    if next.is_active() {
        Audited::AccountEnabled
    } else {
        Audited::AccountDisabled
    }
}
