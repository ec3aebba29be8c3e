//! `POST /session/start`

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::extract::{Attempted, Caller};
use crate::state::Shared;

/// A session that has just started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartedSession {
    session_id: Uuid,
    #[schema(schema_with = active)]
    status: &'static str,
    started_at: DateTime<Utc>,
}

fn active() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(["active"]))
        .build()
}

/// Start a session
///
/// Sessions that are going on are left alone. No body is needed.
#[utoipa::path(
    post, path = "/session/start", tag = "Sessions",
    responses((status = 200, description = "It has started.", body = Success<StartedSession>)),
)]
pub(super) async fn start_session(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
) -> Answer<StartedSession> {
    let session = state.sessions.attempting(attempt).start(user).await?;
    success(StartedSession {
        session_id: session.id.uuid(),
        status: "active",
        started_at: session.started_at,
    })
}
