//! `POST /help-count`

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::local_date;
use serde::{Deserialize, Serialize};
use sessions::HelpRequest;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{Attempted, Caller, JsonBody, SessionIdOrBlank, optional_session};
use crate::state::Shared;

failing!(Failures: SessionNotFound, UnsupportedMediaType);

const MAX_TOPIC_CHARS: usize = 200;

/// What help was asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewHelpRequest {
    /// The session it happened in.
    #[schema(value_type = Option<SessionIdOrBlank>)]
    session_id: Option<String>,
    /// Any name of a topic. Without one it counts for what was seen last in the session, else for
    /// `Unknown`.
    #[schema(max_length = 200, example = "Biology")]
    topic: Option<String>,
}

/// One request for help, counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HelpRequestView {
    help_request_id: Uuid,
    #[schema(required = true)]
    session_id: Option<Uuid>,
    /// The canonical topic it counts for.
    #[schema(example = "Bio")]
    topic: String,
    /// The day it counts for.
    date: NaiveDate,
    at: DateTime<Utc>,
}

impl From<HelpRequest> for HelpRequestView {
    fn from(request: HelpRequest) -> Self {
        let HelpRequest {
            id,
            user: _,
            session,
            topic,
            at,
            zone,
        } = request;
        Self {
            help_request_id: id.uuid(),
            session_id: session.map(kernel::SessionId::uuid),
            topic: topic.to_string(),
            date: local_date(at, zone),
            at,
        }
    }
}

/// Count one request for help
#[utoipa::path(
    post, path = "/help-count", tag = "Help",
    request_body = NewHelpRequest,
    responses((status = 200, description = "It is counted.", body = Success<HelpRequestView>), Failures),
)]
pub(super) async fn count_help(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
    JsonBody(new): JsonBody<NewHelpRequest>,
) -> Answer<HelpRequestView> {
    let topic = new.topic.as_deref();
    if topic.is_some_and(|topic| topic.chars().count() > MAX_TOPIC_CHARS) {
        return Err(ApiError::invalid(
            "topic",
            "must have at most 200 characters",
        ));
    }
    let session = optional_session(new.session_id.as_deref())?;
    success(
        state
            .sessions
            .attempting(attempt)
            .count_help(user, session, topic)
            .await?
            .into(),
    )
}
