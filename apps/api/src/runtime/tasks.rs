//! Background tasks that are waited for.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::{Task, Tasks};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

/// Owns every task the server starts. A panic is logged and counted, nothing else stops.
#[derive(Clone, Default)]
pub(crate) struct OwnedTasks(TaskTracker);

impl Tasks for OwnedTasks {
    fn spawn(&self, name: &'static str, task: Task) {
        let task = async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                tracing::error!(task = name, "background task panicked");
                metrics::counter!("task_panics_total", "task" => name).increment(1);
            }
        };
        self.0.spawn(task.instrument(traced(name)));
    }
}

/// What goes on after an answer stays in the trace of its request, whose own span ends with the
/// answer. Nothing where nobody is traced.
fn traced(name: &'static str) -> Span {
    let Some(parent) = otlp::current() else {
        return Span::none();
    };
    let trace_id = parent.trace_id();
    let span = tracing::info_span!(parent: None, "task", task = name, trace_id);
    otlp::adopt(&span, &parent);
    span
}

impl OwnedTasks {
    /// Waits until all tasks have ended, at most `limit`. Returns how many are left.
    pub(crate) async fn finish(&self, limit: Duration) -> usize {
        self.0.close();
        let in_time = tokio::time::timeout(limit, self.0.wait()).await.is_ok();
        if in_time { 0 } else { self.0.len() }
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn a_task_that_panics_is_counted_and_takes_nothing_with_it() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let figures = recorder.handle();
        let (told, hears) = tokio::sync::oneshot::channel();
        metrics::with_local_recorder(&recorder, || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let tasks = OwnedTasks::default();
                tasks.spawn("falls", Box::pin(async { panic!("on purpose") }));
                tasks.spawn("goes on", Box::pin(async { told.send(()).unwrap() }));
                hears.await.unwrap();
                assert_eq!(tasks.finish(Duration::from_mins(1)).await, 0);
            });
        });
        let told = figures.render();
        assert!(
            told.contains("task_panics_total{task=\"falls\"} 1"),
            "{told}"
        );
    }
}
