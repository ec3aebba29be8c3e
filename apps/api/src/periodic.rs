//! Work that comes round.

use std::time::Duration;

use kernel::{Task, Tasks};
use tokio_util::sync::CancellationToken;

/// Runs `work` now and then every `every`, until stopped; a running round is finished first.
pub(crate) fn start<F>(
    tasks: &dyn Tasks,
    stop: &CancellationToken,
    name: &'static str,
    every: Duration,
    work: impl Fn() -> F + Send + Sync + 'static,
) where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let stop = stop.clone();
    let rounds: Task = Box::pin(async move {
        loop {
            if let Err(error) = work().await {
                metrics::counter!("periodic_failures_total", "task" => name).increment(1);
                tracing::warn!(
                    task = name,
                    error = format!("{error:#}"),
                    "periodic task failed"
                );
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
        }
    });
    tasks.spawn(name, rounds);
}
