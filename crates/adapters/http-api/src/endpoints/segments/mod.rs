//! Sound recorded for one image each.

mod list;
mod receive;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(list::list_segments))
}

/// What is read as it arrives.
pub(super) fn streams() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(receive::receive_segment))
}
