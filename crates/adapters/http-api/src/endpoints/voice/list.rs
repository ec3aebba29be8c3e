//! `GET /voice`

use axum::extract::State;
use kernel::SessionId;
use utoipa::IntoParams;

use super::view::VoiceSessionView;
use crate::answer::{Answer, Listing, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{Caller, FromQuery, PageQuery, QueryOf, QueryReader, parse_id};
use crate::state::Shared;

failing!(Failures: SessionNotFound);

/// Of which session of study.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionQuery {
    /// Conversations of this session of study only.
    #[param(rename = "sessionId", value_type = Uuid, required = false)]
    session: Option<SessionId>,
}

impl FromQuery for SessionQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            session: query.parsed("sessionId", "must be a UUID", parse_id)?,
        })
    }
}

/// The caller's conversations with the tutor, newest first
#[utoipa::path(
    get, path = "/voice", tag = "Voice",
    params(PageQuery, SessionQuery),
    responses((status = 200, description = "A page of conversations.", body = Success<Listing<VoiceSessionView>>), Failures),
)]
pub(super) async fn list_voice_sessions(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf((page, of)): QueryOf<(PageQuery, SessionQuery)>,
) -> Answer<Listing<VoiceSessionView>> {
    if let Some(session) = of.session {
        state.sessions.get(user, session).await?;
    }
    let page = state.voice.list(user, of.session, page.request()).await?;
    success(Listing::page(page, VoiceSessionView::from))
}
