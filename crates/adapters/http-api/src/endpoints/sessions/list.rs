//! `GET /session`

use axum::extract::State;

use crate::answer::{Answer, Listing, Success, success};
use crate::extract::{Caller, DayQuery, PageQuery, QueryOf};
use crate::state::Shared;
use crate::views::SessionView;

/// The caller's sessions, newest first
///
/// Of all days, unless `date` names one.
#[utoipa::path(
    get, path = "/session", tag = "Sessions",
    params(PageQuery, DayQuery),
    responses((status = 200, description = "A page of sessions.", body = Success<Listing<SessionView>>)),
)]
pub(super) async fn list_sessions(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf((page, day)): QueryOf<(PageQuery, DayQuery)>,
) -> Answer<Listing<SessionView>> {
    let page = state.sessions.list(user, day.date, page.request()).await?;
    success(Listing::page(page, SessionView::from))
}
