//! `GET /session/{sessionId}/topic-stats`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Caller, PathSession};
use crate::state::Shared;
use crate::views::{TopicTotalsView, TotalsView, by_topic, sum};

failing!(Failures: SessionNotFound);

/// Study time of one session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionTopics {
    session_id: Uuid,
    topics: Vec<TopicTotalsView>,
    totals: TotalsView,
}

/// Study time of a session per topic, up to now if it is going on
#[utoipa::path(
    get, path = "/session/{sessionId}/topic-stats", tag = "Topics",
    params(("sessionId" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "Its study time.", body = Success<SessionTopics>), Failures),
)]
pub(super) async fn session_topic_stats(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathSession(id): PathSession,
) -> Answer<SessionTopics> {
    let times = state.topics.session(user, id).await?;
    success(SessionTopics {
        session_id: id.uuid(),
        topics: by_topic(&times),
        totals: sum(&times),
    })
}
