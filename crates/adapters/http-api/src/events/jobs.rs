//! The jobs a socket follows: progress is not in the log, and is told as it is found.

use std::collections::HashMap;

use jobs::{Job, JobState};
use kernel::{JobId, PortResult, UserId};
use serde::Serialize;
use serde_json::{Value, json};
use trace_context::TraceParent;
use uuid::Uuid;
use vision::LaterAnalyses;

use super::topic::Topic;
use crate::views::{JobErrorView, JobStateView};

/// Jobs that have not ended, as they were told last.
#[derive(Debug, Default)]
pub(super) struct FollowedJobs(HashMap<JobId, Option<Value>>);

/// A job as it is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownJob {
    job_id: Uuid,
    kind: String,
    state: JobStateView,
    progress: u8,
    attempts: u32,
    error: Option<JobErrorView>,
}

impl FollowedJobs {
    pub(super) fn add(&mut self, id: JobId) {
        self.0.insert(id, None);
    }

    pub(super) fn remove(&mut self, id: JobId) {
        self.0.remove(&id);
    }

    /// Messages about those that have changed since, each with the trace of its job. One that has
    /// ended is not asked for again.
    pub(super) async fn news(
        &mut self,
        user: UserId,
        jobs: &LaterAnalyses,
    ) -> PortResult<Vec<(Value, Option<TraceParent>)>> {
        let mut news = Vec::new();
        let ids: Vec<JobId> = self.0.keys().copied().collect();
        for id in ids {
            let Some(job) = jobs.find(user, id).await? else {
                self.0.remove(&id);
                continue;
            };
            let has_ended = matches!(job.state, JobState::Done { .. } | JobState::Failed { .. });
            let trace = job.trace.as_deref().and_then(TraceParent::parse);
            let shown = message(job);
            if self
                .0
                .get(&id)
                .is_some_and(|last| last.as_ref() != Some(&shown))
            {
                news.push((shown.clone(), trace));
                self.0.insert(id, Some(shown));
            }
            if has_ended {
                self.0.remove(&id);
            }
        }
        Ok(news)
    }
}

fn message(job: Job) -> Value {
    let topic = Topic::Job(job.id).to_string();
    let state = JobStateView::of(&job.state);
    let reason = match job.state {
        JobState::Waiting { last, .. } => last,
        JobState::Failed { reason, .. } => Some(reason),
        JobState::Running | JobState::Done { .. } => None,
    };
    let shown = ShownJob {
        job_id: job.id.uuid(),
        kind: job.kind.to_string(),
        state,
        progress: job.progress.number(),
        attempts: job.attempts,
        error: reason.map(JobErrorView::from),
    };
    json!({ "type": "job", "topic": topic, "job": shown })
}
