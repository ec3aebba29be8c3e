//! A job as clients see it.

use chrono::{DateTime, Utc};
use jobs::{Job, JobState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vision::Analyzed;

use crate::views::{AnalyzedView, JobErrorView, JobStateView};

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobView {
    job_id: Uuid,
    /// What is done: `analyze`.
    #[schema(example = "analyze")]
    kind: String,
    state: JobStateView,
    /// Hundredths that are done.
    #[schema(minimum = 0, maximum = 100)]
    progress: u8,
    /// How often it was begun.
    attempts: u32,
    created_at: DateTime<Utc>,
    /// Null until it is done or has failed.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// What the synchronous call would have answered; null until the job is done.
    #[schema(required = true)]
    result: Option<AnalyzedView>,
    /// Why it failed, or why the attempt before failed; else null.
    #[schema(required = true)]
    error: Option<JobErrorView>,
}

impl JobView {
    pub(super) fn new(job: Job, result: Option<Analyzed>) -> Self {
        let Job {
            id,
            kind,
            accepted_at,
            attempts,
            progress,
            state,
            ..
        } = job;
        let shown = JobStateView::of(&state);
        let (ended_at, reason) = match state {
            JobState::Waiting { due_at: _, last } => (None, last),
            JobState::Running => (None, None),
            JobState::Done { result: _, at } => (Some(at), None),
            JobState::Failed { reason, at } => (Some(at), Some(reason)),
        };
        Self {
            job_id: id.uuid(),
            kind: kind.to_string(),
            state: shown,
            progress: progress.number(),
            attempts,
            created_at: accepted_at,
            ended_at,
            result: result.map(AnalyzedView::from),
            error: reason.map(JobErrorView::from),
        }
    }
}
