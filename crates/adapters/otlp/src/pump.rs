//! Sending.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

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
        let mut failing = false;
        let pumping = async {
            loop {
                let batch = self.next().await;
                failing = self.send(batch, failing).await;
            }
        };
        tokio::select! {
            () = pumping => {}
            () = stop => {}
        }
        let rest = self.rest();
        if !rest.is_empty() {
            let (left, sent) = (rest.len(), self.send(rest, true));
            if timeout(LAST_WORDS, sent).await.is_err() {
                dropped("not_sent", left);
            }
        }
    }

    /// What has ended, once something has; a part of a second is waited for more.
    async fn next(&mut self) -> Vec<SpanData> {
        let mut batch = Vec::new();
        if self.queue.recv_many(&mut batch, BATCH).await == 0 {
            // Nobody can make a span any more.
            std::future::pending::<()>().await;
        }
        let more = async {
            while batch.len() < BATCH {
                let room = BATCH - batch.len();
                if self.queue.recv_many(&mut batch, room).await == 0 {
                    return;
                }
            }
        };
        // Too late is what was wanted.
        let _ = timeout(LINGER, more).await;
        batch
    }

    fn rest(&mut self) -> Vec<SpanData> {
        let mut rest = Vec::new();
        while let Ok(span) = self.queue.try_recv() {
            rest.push(span);
        }
        rest
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
