//! How often something may be tried.

use std::net::IpAddr;

use chrono::TimeDelta;
use limits::{BucketKey, Quota, network};
use sha2::{Digest, Sha256};

use crate::EmailAddress;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptKind {
    /// To sign in with a password.
    SignIn,
    /// To sign in with Google.
    Google,
    /// To make an account.
    Register,
    /// To have a mail sent.
    Mail,
    /// To use a mailed token.
    Redeem,
}

impl AttemptKind {
    /// How many attempts in a quarter of an hour: at an account from one address, at an account
    /// from anywhere, from one address at anything.
    const fn bursts(self) -> (u32, u32, u32) {
        match self {
            Self::SignIn => (5, 50, 100),
            Self::Google => (100, 100, 100),
            Self::Register => (5, 5, 20),
            Self::Mail => (3, 5, 20),
            Self::Redeem => (30, 30, 30),
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Google => "google",
            Self::Register => "register",
            Self::Mail => "mail",
            Self::Redeem => "redeem",
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// What is tried.
    pub kind: AttemptKind,
    /// The address of the account, as typed; it need not exist.
    pub account: Option<EmailAddress>,
    /// Where from.
    pub address: Option<IpAddr>,
}

impl Attempt {
    /// What the attempt counts against: the account as seen from this address tightly, the account
    /// from anywhere and the address alone loosely. A stranger can so slow an owner down, but not
    /// lock them out for long; a class behind one address can sign in.
    pub fn buckets(&self) -> Vec<(BucketKey, Quota)> {
        let account = self.account.as_ref().map(digest);
        let address = self.address.map(|address| network(address).to_string());
        let (from_here, from_anywhere, at_anything) = self.kind.bursts();
        let mut buckets = Vec::with_capacity(4);
        if let Some(account) = &account {
            let from = address.as_deref().unwrap_or("unknown");
            buckets.push(self.bucket(&format!("{account}@{from}"), from_here));
            buckets.push(self.bucket(account, from_anywhere));
            if self.kind == AttemptKind::Mail {
                buckets.push(mails_a_day(account));
            }
        }
        if let Some(address) = &address {
            buckets.push(self.bucket(address, at_anything));
        }
        buckets
    }

    fn bucket(&self, of: &str, burst: u32) -> (BucketKey, Quota) {
        let per = TimeDelta::minutes(15);
        let key = BucketKey::new(&format!("attempts:{}", self.kind.as_str()), of);
        (key, Quota { burst, per })
    }
}

/// What every mail to this address counts against, whatever it is for. Never more than twice the
/// burst in a day.
pub(crate) fn mail_bucket(to: &EmailAddress) -> (BucketKey, Quota) {
    mails_a_day(&digest(to))
}

fn mails_a_day(to: &str) -> (BucketKey, Quota) {
    let quota = Quota {
        burst: 5,
        per: TimeDelta::days(1),
    };
    (BucketKey::new("attempts:mails-a-day", to), quota)
}

fn digest(email: &EmailAddress) -> String {
    hex::encode(&Sha256::digest(email.as_str())[..16])
}
