//! Everything of the caller: handed out, and erased.

mod erase;
mod export;
mod paced;
mod under_way;

use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;
use under_way::Exports;

/// Their answers are never kept for repeated requests: one is too large, and after the other
/// nothing of the caller may be kept. Exports under way are counted for each mount.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(export::export_everything))
        .routes(routes!(erase::erase_everything))
        .layer(Extension(Exports::default()))
}
