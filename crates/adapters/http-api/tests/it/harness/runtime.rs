//! What the outside world would give.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{PortResult, Task, Tasks, Timer, UserId};
use objects::ObjectKey;
use segments::ImageWatcher;

pub(crate) struct TokioTasks;

impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
}

pub(crate) struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// No copies are made here.
pub(super) struct Deaf;

#[async_trait]
impl ImageWatcher for Deaf {
    async fn named(&self, _: UserId, _: &ObjectKey) -> PortResult<()> {
        Ok(())
    }
}
