//! How often something may be tried.

use std::net::{IpAddr, Ipv6Addr};

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{PortResult, Timestamp};
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
    const fn bursts(self) -> (u16, u16, u16) {
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

/// How many attempts in how long, evenly refilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once; at least 1.
    pub burst: u16,
    /// How long until all of them may be made again.
    pub per: TimeDelta,
}

/// What one attempt counts against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BucketKey(String);

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It may, and is counted.
    Admitted,
    /// Not before this time has passed; it is not counted.
    Wait(TimeDelta),
}

/// Counts attempts.
#[async_trait]
pub trait AttemptLimiter: Send + Sync {
    /// Counts the attempt against all its buckets, or against none when one of them is empty.
    /// Atomic: of attempts made side by side no more are admitted than of attempts in a row.
    async fn admit(&self, attempt: &Attempt, now: Timestamp) -> PortResult<Admission>;

    /// Gives an attempt back that turned out right.
    async fn forgive(&self, attempt: &Attempt) -> PortResult<()>;
}

impl Quota {
    /// The time one attempt takes up.
    pub fn interval(self) -> TimeDelta {
        self.per / i32::from(self.burst.max(1))
    }

    /// The generic cell rate algorithm (ITU-T I.371): the bucket is full again at `free_at`. Gives
    /// the new such time, or how long to wait.
    pub fn take(self, free_at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, TimeDelta> {
        let next = free_at.unwrap_or(now).max(now) + self.interval();
        let wait = next - now - self.per;
        if wait > TimeDelta::zero() {
            Err(wait)
        } else {
            Ok(next)
        }
    }
}

impl BucketKey {
    /// The key as text, without any address of an account in it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Attempt {
    /// What the attempt counts against: the account as seen from this address tightly, the account
    /// from anywhere and the address alone loosely. A stranger can so slow an owner down, but not
    /// lock them out for long; a class behind one address can sign in.
    pub fn buckets(&self) -> Vec<(BucketKey, Quota)> {
        let account = self.account.as_ref().map(digest);
        let address = self.address.map(network);
        let (from_here, from_anywhere, at_anything) = self.kind.bursts();
        let mut buckets = Vec::with_capacity(3);
        if let Some(account) = &account {
            let from = address.as_deref().unwrap_or("unknown");
            buckets.push(self.bucket(&format!("{account}@{from}"), from_here));
            buckets.push(self.bucket(account, from_anywhere));
        }
        if let Some(address) = &address {
            buckets.push(self.bucket(address, at_anything));
        }
        buckets
    }

    fn bucket(&self, of: &str, burst: u16) -> (BucketKey, Quota) {
        let per = TimeDelta::minutes(15);
        let key = BucketKey(format!("attempts:{}:{of}", self.kind.as_str()));
        (key, Quota { burst, per })
    }
}

fn digest(email: &EmailAddress) -> String {
    hex::encode(&Sha256::digest(email.as_str())[..16])
}

/// One household has a whole /64 of IPv6.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}
