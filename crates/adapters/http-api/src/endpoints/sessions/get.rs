//! `GET /session/{sessionId}`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Caller, PathSession};
use crate::state::Shared;
use crate::views::SessionView;

failing!(Failures: SessionNotFound);

/// A session and how much was analyzed in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionDetails {
    #[serde(flatten)]
    session: SessionView,
    /// How many images were analyzed in it.
    total_analyses: u64,
}

/// A session, going on or ended
#[utoipa::path(
    get, path = "/session/{sessionId}", tag = "Sessions",
    params(("sessionId" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "The session.", body = Success<SessionDetails>), Failures),
)]
pub(super) async fn get_session(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathSession(id): PathSession,
) -> Answer<SessionDetails> {
    let session = state.sessions.get(user, id).await?;
    let total_analyses = state.sessions.count_events(user, id).await?;
    success(SessionDetails {
        session: session.into(),
        total_analyses,
    })
}
