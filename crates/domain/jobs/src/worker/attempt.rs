//! One attempt at one job.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::{Fault, PortResult};
use serde_json::Value;

use super::{Stop, WorkerPorts, unless};
use crate::handler::{Handler, Reporter};
use crate::job::{Job, Reason};
use crate::ports::{Claimed, Lease, Settled, Verdict};
use crate::retry::Failure;

/// How long is waited before the end of an attempt is told again to a database that was away.
const SETTLE_AGAIN_AFTER: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

/// What an attempt is made with.
pub(super) struct Attempt {
    ports: WorkerPorts,
    grace: Duration,
    stop: Stop,
}

/// How an attempt ended.
enum Ended {
    Done(Value),
    Failed(Failure),
    /// The worker stops.
    BrokenOff,
}

impl Attempt {
    pub(super) fn new(ports: &WorkerPorts, grace: Duration, stop: Stop) -> Self {
        Self {
            ports: ports.clone(),
            grace,
            stop,
        }
    }

    pub(super) async fn run(&self, claimed: Claimed) {
        let lease = claimed.lease;
        let Some(handler) = self.ports.handlers.of(&claimed.job.kind) else {
            return self.give_back(lease).await;
        };
        match self.outcome(handler.as_ref(), &claimed.job, lease).await {
            Ended::Done(result) => self.settle(&claimed, Verdict::Done(result)).await,
            Ended::Failed(failure) => {
                let verdict = self.judge(handler.as_ref(), lease, failure);
                self.settle(&claimed, verdict).await;
            }
            Ended::BrokenOff => self.give_back(lease).await,
        }
    }

    async fn outcome(&self, handler: &dyn Handler, job: &Job, lease: Lease) -> Ended {
        if lease.attempt > handler.retries().attempts {
            let lost = Reason::new(Reason::WORKER_LOST, "workers died over it");
            return Ended::Failed(Failure::lasting(lost));
        }
        let reporter = Reporter {
            queue: Arc::clone(&self.ports.queue),
            lease,
        };
        let run = AssertUnwindSafe(handler.run(job, &reporter)).catch_unwind();
        let run = unless(run, self.ports.timer.sleep(handler.limit()));
        match unless(run, self.stopped()).await {
            None => Ended::BrokenOff,
            Some(None) => failed(Reason::TOO_LONG, "it took too long"),
            Some(Some(Err(_))) => failed(Reason::PANICKED, "the handler panicked"),
            Some(Some(Ok(Ok(result)))) => Ended::Done(result),
            Some(Some(Ok(Err(failure)))) => Ended::Failed(failure),
        }
    }

    async fn stopped(&self) {
        self.stop.clone().await;
        self.ports.timer.sleep(self.grace).await;
    }

    fn judge(&self, handler: &dyn Handler, lease: Lease, failure: Failure) -> Verdict {
        let wait = handler.retries().after(&failure, lease.attempt, lease.job);
        let reason = failure.reason;
        tracing::warn!(job_id = %lease.job, attempt = lease.attempt, code = reason.code,
            reason = reason.message, again_after_ms = wait.map(|wait| wait.as_millis()),
            "an attempt at a job failed");
        match wait {
            Some(wait) => Verdict::Again {
                at: self.ports.clock.now() + wait,
                reason,
            },
            None => Verdict::Failed(reason),
        }
    }

    /// What cannot be told is forgotten: the lease runs out and the job is carried out again, to
    /// the same effect.
    async fn settle(&self, claimed: &Claimed, verdict: Verdict) {
        let lease = claimed.lease;
        let settlement = claimed.settlement(verdict, self.ports.clock.now());
        for wait in SETTLE_AGAIN_AFTER {
            match self.ports.queue.settle(&settlement).await {
                Err(error) if matches!(error.fault(), Fault::Unavailable | Fault::Full) => {}
                settled => return note(lease, settled),
            }
            self.ports.timer.sleep(wait).await;
        }
        note(lease, self.ports.queue.settle(&settlement).await);
    }

    async fn give_back(&self, lease: Lease) {
        let now = self.ports.clock.now();
        if let Err(error) = self.ports.queue.release(lease, now).await {
            tracing::warn!(job_id = %lease.job, error = &error as &dyn std::error::Error,
                "a job that is not finished waits for its lease to run out");
        }
    }
}

fn failed(code: &str, message: &str) -> Ended {
    Ended::Failed(Failure::passing(Reason::new(code, message)))
}

fn note(lease: Lease, settled: PortResult<Settled>) {
    match settled {
        Ok(Settled::Counted) => tracing::debug!(job_id = %lease.job, "an attempt at a job ended"),
        Ok(Settled::Lost) => {
            tracing::info!(job_id = %lease.job, "a job went to another worker meanwhile");
        }
        Err(error) => {
            tracing::warn!(job_id = %lease.job, error = &error as &dyn std::error::Error,
                "the end of a job could not be told");
        }
    }
}
