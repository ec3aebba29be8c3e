//! Who carries out jobs of one kind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::job::{Job, Kind, Percent};
use crate::ports::{JobQueue, Lease};
use crate::retry::{Failure, Retries};

/// Carries out jobs of one kind.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Which kind.
    fn kind(&self) -> Kind;

    /// How often it is tried.
    fn retries(&self) -> Retries {
        Retries::default()
    }

    /// How long one attempt may take.
    fn limit(&self) -> Duration {
        Duration::from_mins(10)
    }

    /// Carries the job out and gives what came of it. May be begun again at any time, also while an
    /// earlier attempt still runs elsewhere: what it writes has ids derived from [`Job::work`]
    /// (parts below 64), and writing it again changes nothing.
    async fn run(&self, job: &Job, reporter: &Reporter) -> Result<Value, Failure>;
}

/// All kinds a worker can do.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<Kind, Arc<dyn Handler>>);

impl Handlers {
    /// These and one more; another one of the same kind is replaced.
    #[must_use]
    pub fn with(mut self, handler: impl Handler + 'static) -> Self {
        self.0.insert(handler.kind(), Arc::new(handler));
        self
    }

    /// The kinds.
    pub fn kinds(&self) -> Vec<Kind> {
        self.0.keys().cloned().collect()
    }

    pub(crate) fn of(&self, kind: &Kind) -> Option<Arc<dyn Handler>> {
        self.0.get(kind).cloned()
    }
}

/// Tells how far an attempt has come.
pub struct Reporter {
    pub(crate) queue: Arc<dyn JobQueue>,
    pub(crate) lease: Lease,
}

impl Reporter {
    /// So far. A report that cannot be stored is logged and matters to nothing.
    pub async fn report(&self, progress: Percent) {
        if let Err(error) = self.queue.report(self.lease, progress).await {
            tracing::debug!(job_id = %self.lease.job, error = &error as &dyn std::error::Error,
                "progress not stored");
        }
    }
}
