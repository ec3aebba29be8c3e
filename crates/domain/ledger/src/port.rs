//! Reading a user's log.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
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

/// Rings; what rang while nobody listened rings once.
pub type Ringing = BoxStream<'static, ()>;

/// Tells that something of a user may have changed.
pub trait News: Send + Sync {
    /// Rings after each commit that appended to this user's log, from now on. May ring without
    /// cause, and may miss commits of other processes: who listens looks now and then too.
    fn listen(&self, user: UserId) -> Ringing;
}
