//! Work that comes round.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::{Task, Tasks};
use tokio_util::sync::CancellationToken;

/// Runs `work` now and then every `every`, until stopped; a running round is finished first.
/// A round that fails or panics is logged and counted, and the next one comes all the same.
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
            let round = AssertUnwindSafe(async { work().await })
                .catch_unwind()
                .await;
            let outcome = round.unwrap_or_else(|_| Err(anyhow::anyhow!("the round panicked")));
            if let Err(error) = outcome {
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::runtime::OwnedTasks;

    #[tokio::test]
    async fn a_round_that_panics_is_followed_by_the_next() {
        let (tasks, stop) = (OwnedTasks::default(), CancellationToken::new());
        let rounds = std::sync::Arc::new(AtomicUsize::new(0));
        let (counted, ends) = (rounds.clone(), stop.clone());
        start(&tasks, &stop, "falls", Duration::ZERO, move || {
            let round = counted.fetch_add(1, Ordering::Relaxed);
            if round == 2 {
                ends.cancel();
            }
            async move {
                assert!(round != 0, "on purpose");
                Ok(())
            }
        });
        assert_eq!(tasks.finish(Duration::from_mins(1)).await, 0);
        assert_eq!(rounds.load(Ordering::Relaxed), 3);
    }
}
