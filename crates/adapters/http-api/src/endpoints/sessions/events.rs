//! `GET /session/{sessionId}/events`

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sessions::LearningEvent;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Listing, Success, success};
use crate::error::failing;
use crate::extract::{Caller, PageQuery, PathSession, QueryOf};
use crate::state::Shared;
use crate::views::{AnalysisView, Marks};

failing!(Failures: SessionNotFound);

/// One analyzed image of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventView {
    analysis_id: Uuid,
    session_id: Uuid,
    /// Where the image is kept.
    s3_key: String,
    analysis: AnalysisView,
    /// When the picture was taken.
    captured_at: DateTime<Utc>,
    /// When the server received it.
    uploaded_at: DateTime<Utc>,
}

impl From<LearningEvent> for EventView {
    fn from(event: LearningEvent) -> Self {
        let LearningEvent {
            id,
            session,
            user: _,
            object,
            captured_at,
            received_at,
            content,
            topic,
            model,
            reused,
            text_disputed,
        } = event;
        let marks = Marks {
            reused,
            text_disputed,
        };
        Self {
            analysis_id: id.uuid(),
            session_id: session.uuid(),
            s3_key: object.to_string(),
            analysis: AnalysisView::new(content, &topic, model, marks),
            captured_at,
            uploaded_at: received_at,
        }
    }
}

/// What was analyzed in a session, newest capture first
#[utoipa::path(
    get, path = "/session/{sessionId}/events", tag = "Sessions",
    params(("sessionId" = Uuid, Path, description = "The session."), PageQuery),
    responses((status = 200, description = "A page of analyzed images.", body = Success<Listing<EventView>>), Failures),
)]
pub(super) async fn list_session_events(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathSession(id): PathSession,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Listing<EventView>> {
    let page = state.sessions.events(user, id, page.request()).await?;
    success(Listing::page(page, EventView::from))
}
