//! What is written down about security.

use std::net::IpAddr;

use async_trait::async_trait;
use kernel::{AuditId, Cursor, Page, PageRequest, PortResult, Timestamp, UserId};

macro_rules! audited {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)*) => {
        /// What happened. Names are stored and never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Audited {
            $($(#[$doc])* $variant,)*
        }

        impl Audited {
            /// Everything that can happen.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stored name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

audited! {
    /// An account was made.
    Registered => "registered",
    /// Somebody signed in.
    SignedIn => "signed_in",
    /// Somebody did not get in: wrong password, unknown address, or a disabled account.
    SignInFailed => "sign_in_failed",
    /// Google's word was not taken.
    GoogleRefused => "google_refused",
    /// A Google identity joined an account.
    GoogleJoined => "google_joined",
    /// A password that anybody may have chosen was dropped as a Google identity joined; every device
    /// was signed out.
    PasswordDropped => "password_dropped",
    /// A password was hashed anew with today's parameters.
    PasswordRehashed => "password_rehashed",
    /// An address was verified.
    AddressVerified => "address_verified",
    /// A mail to reset a password was asked for.
    ResetRequested => "reset_requested",
    /// A password was reset; every device was signed out.
    PasswordReset => "password_reset",
    /// A refresh token came again long after its swap; its family was ended.
    RefreshReused => "refresh_reused",
    /// A device signed out.
    SignedOut => "signed_out",
    /// A device was signed out from another one.
    DeviceSignedOut => "device_signed_out",
    /// An account became admin.
    AdminGranted => "admin_granted",
    /// An account is no longer admin.
    AdminRevoked => "admin_revoked",
    /// An account was disabled; every device was signed out.
    AccountDisabled => "account_disabled",
    /// A disabled account was opened again.
    AccountEnabled => "account_enabled",
    /// Everything of a user was erased; it is not told whose.
    AccountErased => "account_erased",
    /// An admin read the list of accounts.
    AccountsListed => "accounts_listed",
    /// An admin read an account.
    AccountRead => "account_read",
    /// An admin read the audit.
    AuditRead => "audit_read",
    /// An admin read how much there is of everything.
    TotalsRead => "totals_read",
    /// An admin read what models have cost.
    UsageRead => "usage_read",
}

impl Audited {
    /// What admins, or the operator, do to an account. They are told by who acted too: an owner also
    /// registers.
    pub const BY_ADMINS: &[Self] = &[
        Self::Registered,
        Self::AdminGranted,
        Self::AdminRevoked,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountRead,
        Self::AuditRead,
        Self::UsageRead,
    ];

    /// The event of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|what| what.as_str() == name)
    }
}

/// One line of the audit. It holds no secret and no address of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: Audited,
    /// Who did it; `None` for strangers and the operator's commands.
    pub actor: Option<UserId>,
    /// Whose account it happened to; `None` if there is none.
    pub subject: Option<UserId>,
    /// Where the request came from.
    pub address: Option<IpAddr>,
    /// What the program called itself.
    pub user_agent: Option<String>,
}

impl AuditEvent {
    /// Where a list goes on after it.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            at: self.at,
            id: self.id.uuid(),
        }
    }
}

/// Keeps the audit. Events that go with a change are written by the port method of the change.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Writes an event down.
    async fn append(&self, event: &AuditEvent) -> PortResult<()>;

    /// Events, newest first (time, then id, both descending), of one account where given.
    async fn list(
        &self,
        subject: Option<UserId>,
        page: PageRequest,
    ) -> PortResult<Page<AuditEvent>>;

    /// Removes events that happened before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_name_is_read_back() {
        for what in Audited::ALL {
            assert_eq!(Audited::parse(what.as_str()), Some(*what));
        }
        assert_eq!(Audited::parse("other"), None);
    }
}
