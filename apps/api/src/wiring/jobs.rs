//! Who carries out jobs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use database::Database;
use files::DataFolder;
use jobs::{
    Ask, Claimed, Failure, Handler, Handlers, Job, JobQueue, Kind, Lease, Percent, Reporter,
    Retries, Settled, Settlement, Verdict, Worker, WorkerPorts, WorkerRules,
};
use kernel::{PortResult, Timestamp};
use otlp::TraceParent;
use secrecy::ExposeSecret;
use serde_json::Value;
use tracing::{Instrument, Span};
use uuid::Uuid;
use vision::{AnalyzeHandler, ImageHandler, Renditions, Vision};

use super::Ground;
use crate::runtime::TokioTimer;
use crate::settings::BackgroundSettings;

/// What a worker shares with the other rooms.
pub(super) struct Base {
    pub(super) ground: Ground,
    pub(super) vision: Vision,
    pub(super) renditions: Renditions,
}

/// Everything a worker needs. None works before it is started.
pub(crate) struct Workshop {
    ports: WorkerPorts,
    rules: WorkerRules,
    holder: Uuid,
}

impl Workshop {
    /// What the worker can do.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.ports.handlers.kinds()
    }

    /// The worker of this process.
    pub(crate) fn worker(&self) -> Worker {
        Worker::new(self.ports.clone(), self.rules, self.holder)
    }
}

/// Every kind of job there is: one line each.
fn handlers(base: &Base) -> Handlers {
    Handlers::default()
        .with(Timed(AnalyzeHandler::new(base.vision.clone())))
        .with(Timed(ImageHandler::new(base.renditions.clone())))
}

/// Joins a worker to its ports. It goes by the name of the data folder, which is one process's at a
/// time: what the one before held comes back at once.
pub(super) fn workshop(
    settings: BackgroundSettings,
    folder: &DataFolder,
    base: Base,
) -> anyhow::Result<Workshop> {
    let name = folder.secret("instance", 16)?;
    let handlers = handlers(&base);
    let Ground {
        database,
        clock,
        tasks,
        ids: _,
    } = base.ground;
    let ports = WorkerPorts {
        queue: Arc::new(Counted(database.clone())),
        handlers,
        bell: database,
        clock,
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(tasks),
    };
    let rules = WorkerRules {
        at_once: settings.jobs_at_once,
        ..WorkerRules::default()
    };
    Ok(Workshop {
        ports,
        rules,
        holder: Uuid::from_slice(name.expose_secret())?,
    })
}

/// An attempt goes on in the trace of the work that has accepted the job.
fn span(job: &Job) -> Span {
    let kind = job.kind.as_str();
    let span = tracing::info_span!("job", otel.kind = "consumer", kind, job_id = %job.id);
    if let Some(parent) = job.trace.as_deref().and_then(TraceParent::parse) {
        otlp::adopt(&span, &parent);
    }
    span
}

/// Measures attempts: `jobs_attempt_seconds{kind}`.
struct Timed<H>(H);

#[async_trait]
impl<H: Handler> Handler for Timed<H> {
    fn kind(&self) -> Kind {
        self.0.kind()
    }

    fn retries(&self) -> Retries {
        self.0.retries()
    }

    fn limit(&self) -> Duration {
        self.0.limit()
    }

    async fn run(&self, job: &Job, reporter: &Reporter) -> Result<Value, Failure> {
        let begun = Instant::now();
        let outcome = self.0.run(job, reporter).instrument(span(job)).await;
        let kind = job.kind.to_string();
        metrics::histogram!("jobs_attempt_seconds", "kind" => kind).record(begun.elapsed());
        outcome
    }
}

/// Counts how attempts end: `jobs_attempts_total{kind,outcome}`, where `lost` ended too late to
/// count.
struct Counted(Arc<Database>);

#[async_trait]
impl JobQueue for Counted {
    async fn claim(&self, ask: &Ask<'_>) -> PortResult<Vec<Claimed>> {
        self.0.claim(ask).await
    }

    async fn renew(&self, leases: &[Lease], until: Timestamp) -> PortResult<()> {
        self.0.renew(leases, until).await
    }

    async fn report(&self, lease: Lease, progress: Percent) -> PortResult<()> {
        self.0.report(lease, progress).await
    }

    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled> {
        let settled = self.0.settle(settlement).await?;
        let outcome = match (settled, &settlement.verdict) {
            (Settled::Lost, _) => "lost",
            (Settled::Counted, Verdict::Done(_)) => "done",
            (Settled::Counted, Verdict::Again { .. }) => "again",
            (Settled::Counted, Verdict::Failed(_)) => "failed",
        };
        let kind = settlement.kind.to_string();
        metrics::counter!("jobs_attempts_total", "kind" => kind, "outcome" => outcome).increment(1);
        Ok(settled)
    }

    async fn release(&self, lease: Lease, now: Timestamp) -> PortResult<()> {
        self.0.release(lease, now).await
    }

    async fn abandon(&self, holder: Uuid, now: Timestamp) -> PortResult<u64> {
        self.0.abandon(holder, now).await
    }
}
