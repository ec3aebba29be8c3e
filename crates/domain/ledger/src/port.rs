//! Reading a user's log.

use async_trait::async_trait;
use kernel::{PortResult, UserId};

use crate::{Position, Recorded};

/// Reads the log. Appending is part of the port method whose change the entry records.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Up to `limit` entries of `user` after `after`, in order.
    async fn read(&self, user: UserId, after: Position, limit: u16) -> PortResult<Vec<Recorded>>;

    /// The place of the user's newest entry.
    async fn head(&self, user: UserId) -> PortResult<Position>;
}
