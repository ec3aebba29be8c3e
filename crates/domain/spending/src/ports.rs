//! Where charges are kept.

use async_trait::async_trait;
use kernel::{ChargeId, Page, PageRequest, PortResult, Timestamp, UserId};

use crate::charge::Charge;
use crate::day::{DaySpending, Spent};

/// Keeps charges and adds them up.
#[async_trait]
pub trait ChargeStore: Send + Sync {
    /// Stores a charge on the user's day it was billed on. One with an id stored before changes
    /// nothing. [`kernel::Fault::Gone`] when its user was erased since.
    async fn store(&self, charge: &Charge) -> PortResult<()>;

    /// What the user has spent on their day that `now` lies in.
    async fn spent(&self, user: UserId, now: Timestamp) -> PortResult<Spent>;

    /// Days on which something was spent, the newest first, of all users or of one. A page holds
    /// whole days of users.
    async fn days(&self, of: Option<UserId>, page: PageRequest) -> PortResult<Page<DaySpending>>;
}

/// Charges waiting for the database, on local disk. Bounded; a full journal answers
/// [`kernel::Fault::Full`].
#[async_trait]
pub trait ChargeJournal: Send + Sync {
    /// Keeps the charge; it is on disk (fsync) when this returns. The same again replaces it.
    async fn append(&self, charge: &Charge) -> PortResult<()>;

    /// The ids of up to `limit` waiting charges, oldest first.
    async fn waiting(&self, limit: usize) -> PortResult<Vec<ChargeId>>;

    /// A waiting charge; `None` if it is gone. One that cannot be read is
    /// [`kernel::Fault::Corrupt`].
    async fn read(&self, id: ChargeId) -> PortResult<Option<Charge>>;

    /// Forgets a charge that is stored; forgetting an unknown one succeeds.
    async fn remove(&self, id: ChargeId) -> PortResult<()>;

    /// Moves a charge that can never be stored out of the way, without deleting it.
    async fn set_aside(&self, id: ChargeId) -> PortResult<()>;
}
