//! The voice tutor.

mod connect;
mod get;
mod list;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(list::list_voice_sessions))
        .routes(routes!(get::get_voice_session))
}

/// The WebSocket.
pub(super) fn socket() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(connect::talk))
}
