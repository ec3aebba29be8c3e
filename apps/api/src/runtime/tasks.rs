//! Background tasks that are waited for.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::{Task, Tasks};
use tokio_util::task::TaskTracker;

/// Owns every task the server starts. A panic is logged and counted, nothing else stops.
#[derive(Clone, Default)]
pub(crate) struct OwnedTasks(TaskTracker);

impl Tasks for OwnedTasks {
    fn spawn(&self, name: &'static str, task: Task) {
        self.0.spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                tracing::error!(task = name, "background task panicked");
                metrics::counter!("task_panics_total", "task" => name).increment(1);
            }
        });
    }
}

impl OwnedTasks {
    /// Waits until all tasks have ended, at most `limit`. Returns how many are left.
    pub(crate) async fn finish(&self, limit: Duration) -> usize {
        self.0.close();
        let in_time = tokio::time::timeout(limit, self.0.wait()).await.is_ok();
        if in_time { 0 } else { self.0.len() }
    }
}
