//! What operators look at.

mod docs;
mod live;
mod metrics;
mod ready;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use docs::{DOCS_PATH, Document, swagger_ui};
pub(crate) use live::live;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(live::live))
        .routes(routes!(ready::ready))
        .routes(routes!(metrics::metrics))
        .routes(routes!(docs::openapi_document))
}
