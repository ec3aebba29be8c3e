//! What models have cost.

mod all;
mod own;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(own::own_usage))
}

/// For admins.
pub(super) fn of_all() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(all::all_usage))
}
