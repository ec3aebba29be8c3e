//! `GET /jobs/{jobId}`

use axum::extract::State;

use super::view::JobView;
use crate::answer::{Answer, Success, success};
use crate::error::{ErrorCode, failing};
use crate::extract::{Caller, PathJob};
use crate::state::Shared;

failing!(Failures: JobNotFound, StorageUnavailable);

/// How far a job has come, and what came of it
///
/// Ended jobs are kept for a week. Instead of asking again and again, `GET /ws/events` with the
/// topic `job:…` tells of each change.
#[utoipa::path(
    get, path = "/jobs/{jobId}", tag = "Jobs",
    params(("jobId" = Uuid, Path, description = "The job.")),
    responses((status = 200, description = "The job.", body = Success<JobView>), Failures),
)]
pub(super) async fn get_job(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathJob(id): PathJob,
) -> Answer<JobView> {
    let job = state.later.find(user, id).await?;
    let job = job.ok_or(ErrorCode::JobNotFound)?;
    let result = state.later.result(user, &job).await?;
    success(JobView::new(job, result))
}
