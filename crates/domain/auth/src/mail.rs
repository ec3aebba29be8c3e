//! Secrets sent by mail: whoever reads them owns the address.

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{PortResult, Timestamp, UserId};

use crate::{EmailAddress, OpaqueToken, TokenHash};

/// How long a mailed secret works.
pub const MAILED_FOR: TimeDelta = TimeDelta::minutes(30);

/// What a mailed secret is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Proves that the address is the account owner's.
    VerifyAddress,
    /// Sets a new password.
    ResetPassword,
}

impl Purpose {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyAddress => "verify_address",
            Self::ResetPassword => "reset_password",
        }
    }

    /// The purpose of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::VerifyAddress, Self::ResetPassword]
            .into_iter()
            .find(|purpose| purpose.as_str() == name)
    }
}

/// A mailed secret as it is kept; it works once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailedToken {
    /// What is stored of its text.
    pub hash: TokenHash,
    /// What it is good for.
    pub purpose: Purpose,
    /// Whose account it was sent for.
    pub user: UserId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl MailedToken {
    /// Whether it serves this purpose at `now`.
    pub fn serves(&self, purpose: Purpose, now: Timestamp) -> bool {
        self.purpose == purpose && now < self.expires_at
    }
}

/// A mail to send.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Where to.
    pub to: EmailAddress,
    /// What it is about.
    pub purpose: Purpose,
    /// The secret it carries; it works for [`MAILED_FOR`].
    pub token: OpaqueToken,
}

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail over; it need not have arrived when this returns.
    ///
    /// # Errors
    /// [`kernel::Fault::Refused`] when the server takes no mail from us or to this address.
    async fn send(&self, mail: &Mail) -> PortResult<()>;
}
