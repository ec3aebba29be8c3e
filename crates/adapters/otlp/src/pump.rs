//! Sending.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::queue::dropped;

/// Sent at once.
const BATCH: usize = 512;
/// What has ended is sent after this time, however little it is.
const LINGER: Duration = Duration::from_secs(1);
/// How long the collector may take for a batch.
pub(crate) const SEND_WITHIN: Duration = Duration::from_secs(5);
/// How long what is left may take at the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The end of the queue where spans go out.
pub struct Pump {
    pub(crate) queue: mpsc::Receiver<SpanData>,
    pub(crate) exporter: SpanExporter,
}

impl Pump {
    /// Sends until `stop` is ready, and then what is left, for 2 s at most.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let stop = stop.shared();
        let too_late = async {
            stop.clone().await;
            sleep(LAST_WORDS).await;
        };
        let in_hand = AtomicUsize::new(0);
        let is_late = tokio::select! {
            () = self.pump(&stop, &in_hand) => false,
            () = too_late => true,
        };
        if is_late {
            dropped("not_sent", in_hand.into_inner() + self.queue.len());
        }
    }

    /// Ends when nothing is left after `stop`.
    async fn pump(&mut self, stop: &(impl Future<Output = ()> + Clone), in_hand: &AtomicUsize) {
        let mut failing = false;
        loop {
            let mut batch = Vec::new();
            self.gather(&mut batch, stop).await;
            if batch.is_empty() {
                return;
            }
            in_hand.store(batch.len(), Ordering::Relaxed);
            failing = self.send(batch, failing).await;
            in_hand.store(0, Ordering::Relaxed);
        }
    }

    /// What has ended, once something has, and what ends soon after; after `stop` nothing is waited
    /// for, and nothing more comes in.
    async fn gather(
        &mut self,
        batch: &mut Vec<SpanData>,
        stop: &(impl Future<Output = ()> + Clone),
    ) {
        tokio::select! {
            biased;
            _ = self.queue.recv_many(batch, BATCH) => {}
            () = stop.clone() => {
                self.queue.close();
                self.queue.recv_many(batch, BATCH).await;
            }
        }
        let more = async {
            while batch.len() < BATCH {
                let room = BATCH - batch.len();
                if self.queue.recv_many(batch, room).await == 0 {
                    return;
                }
            }
        };
        tokio::select! {
            () = more => {}
            () = sleep(LINGER) => {}
            () = stop.clone() => {}
        }
    }

    /// Sends a batch once. Whether that failed; the first of several failures is logged.
    async fn send(&self, batch: Vec<SpanData>, failing: bool) -> bool {
        let spans = batch.len();
        let sent = timeout(SEND_WITHIN, self.exporter.export(batch)).await;
        let error = match sent {
            Ok(Ok(())) => return false,
            Ok(Err(error)) => error.to_string(),
            Err(late) => late.to_string(),
        };
        dropped("not_sent", spans);
        if !failing {
            tracing::warn!(error, "the collector takes no traces; requests go on");
        }
        true
    }
}

impl fmt::Debug for Pump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pump").finish_non_exhaustive()
    }
}
