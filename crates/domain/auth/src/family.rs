//! What follows from one sign-in: a family of refresh tokens, each swapped for the next.

use chrono::TimeDelta;
use kernel::{FamilyId, Timestamp, UserId};

use crate::{Device, IssuedAccess, TokenHash};

/// How long after its swap a refresh token may come again: its answer was lost on the way.
pub const REPEAT_WITHIN: TimeDelta = TimeDelta::seconds(10);

/// Why a family ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// Its owner signed out.
    SignedOut,
    /// Its owner signed it out from another device.
    SignedOutRemotely,
    /// A token came again long after its swap: one of two holders is a thief.
    Reused,
    /// The account's password was reset.
    PasswordReset,
    /// The account was disabled.
    AccountDisabled,
    /// The account was erased; the family goes with it.
    AccountErased,
    /// A Google identity joined the account, whose password anybody may have chosen.
    GoogleJoined,
}

impl EndReason {
    const ALL: [Self; 7] = [
        Self::SignedOut,
        Self::SignedOutRemotely,
        Self::Reused,
        Self::PasswordReset,
        Self::AccountDisabled,
        Self::AccountErased,
        Self::GoogleJoined,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedOutRemotely => "signed_out_remotely",
            Self::Reused => "reused",
            Self::PasswordReset => "password_reset",
            Self::AccountDisabled => "account_disabled",
            Self::AccountErased => "account_erased",
            Self::GoogleJoined => "google_joined",
        }
    }

    /// The reason of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// One sign-in and all that followed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// Whose it is.
    pub user: UserId,
    /// The device that signed in.
    pub device: Device,
    /// When it signed in.
    pub opened_at: Timestamp,
    /// When it last got tokens.
    pub last_used_at: Timestamp,
    /// When and why it ended; `None` while it goes on.
    pub ended: Option<(Timestamp, EndReason)>,
}

/// A refresh token as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// What is stored of its text.
    pub hash: TokenHash,
    /// The family it belongs to.
    pub family: FamilyId,
    /// When it was handed out.
    pub issued_at: Timestamp,
    /// When it ends unused.
    pub expires_at: Timestamp,
    /// When it was first swapped; `None` while it was not.
    pub swapped_at: Option<Timestamp>,
    /// The access token handed out with it.
    pub access: IssuedAccess,
}

/// A refresh token with its family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The token.
    pub token: RefreshToken,
    /// Its family.
    pub family: Family,
}

/// What presenting a refresh token leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// It is swapped for a successor.
    Swap,
    /// Its swap's answer may have been lost: another successor joins the first.
    Repeat,
    /// It was swapped long ago: the family ends.
    Reused,
    /// It has expired, or its family has ended.
    Dead,
}

impl Held {
    /// What presenting the token at `now` leads to.
    pub fn present(&self, now: Timestamp) -> Presented {
        if self.family.ended.is_some() || self.token.expires_at <= now {
            return Presented::Dead;
        }
        match self.token.swapped_at {
            None => Presented::Swap,
            Some(at) if now - at <= REPEAT_WITHIN => Presented::Repeat,
            Some(_) => Presented::Reused,
        }
    }
}
