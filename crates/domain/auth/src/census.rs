//! How much there is of everything, for admins.

use async_trait::async_trait;
use kernel::{Date, PortResult};

/// Counts over all users, at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Everybody known, with an account or without.
    pub users: u64,
    /// Accounts.
    pub accounts: AccountTotals,
    /// Sessions that go on.
    pub open_sessions: u64,
    /// All sessions.
    pub sessions: u64,
    /// Analyzed images.
    pub learning_events: u64,
    /// Study time of the last days.
    pub study: StudyTotals,
}

/// Accounts by what they may do. Disabled ones count under their role too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountTotals {
    /// With the role `user`.
    pub users: u64,
    /// With the role `admin`.
    pub admins: u64,
    /// Closed ones.
    pub disabled: u64,
}

/// Study time as far as it is settled, in milliseconds, by the days of each user's own zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StudyTotals {
    /// Of seven days, the asked one and what lies ahead of it included.
    pub last_7_days_ms: i64,
    /// Of thirty days, counted alike.
    pub last_30_days_ms: i64,
}

/// Counts what is stored.
#[async_trait]
pub trait Census: Send + Sync {
    /// What there is; all counts are of the same moment. Days lead up to `today`.
    async fn totals(&self, today: Date) -> PortResult<Totals>;
}
