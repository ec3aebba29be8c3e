//! `POST /session/{sessionId}/end`

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Caller, PathSession};
use crate::state::Shared;
use crate::views::{TopicTotalsView, by_topic};

failing!(Failures: SessionNotFound);

/// A session that has ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EndedSession {
    session_id: Uuid,
    ended_at: DateTime<Utc>,
    /// How many images were analyzed in it.
    total_analyses: u64,
    topic_stats: Vec<TopicTotalsView>,
}

/// End a session
///
/// Ending it again answers the same. No body is needed.
#[utoipa::path(
    post, path = "/session/{sessionId}/end", tag = "Sessions",
    params(("sessionId" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "It has ended.", body = Success<EndedSession>), Failures),
)]
pub(super) async fn end_session(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathSession(id): PathSession,
) -> Answer<EndedSession> {
    let ended = state.sessions.end(user, id).await?;
    let times = state.topics.session(user, id).await?;
    success(EndedSession {
        session_id: id.uuid(),
        ended_at: ended.ended_at,
        total_analyses: ended.total_analyses,
        topic_stats: by_topic(&times),
    })
}
