//! Live events.

mod connect;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

/// The WebSocket.
pub(super) fn socket() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(connect::hear_events))
}
