//! `GET /session/active`

use axum::extract::State;

use crate::answer::{Answer, Success, success};
use crate::extract::Caller;
use crate::state::Shared;
use crate::views::SessionView;

/// The session that is going on
///
/// The newest one if there are several.
#[utoipa::path(
    get, path = "/session/active", tag = "Sessions",
    responses((status = 200, description = "The session; null if there is none.", body = Success<Option<SessionView>>)),
)]
pub(super) async fn active_session(
    State(state): State<Shared>,
    Caller(user): Caller,
) -> Answer<Option<SessionView>> {
    let session = state.sessions.active(user).await?;
    success(session.map(SessionView::from))
}
