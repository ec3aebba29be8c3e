//! Background work that somebody owns.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;

/// A piece of background work.
pub type Task = BoxFuture<'static, ()>;

/// Runs background work. The owner waits for it at shut-down; a panic in it is logged and
/// counted and takes nothing else down.
pub trait Tasks: Send + Sync {
    /// Starts `task`; `name` appears in logs and metrics.
    fn spawn(&self, name: &'static str, task: Task);
}

/// Waits.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns after `duration`.
    async fn sleep(&self, duration: Duration);
}
