//! What the outside world would give.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Task, Tasks, Timer};

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
