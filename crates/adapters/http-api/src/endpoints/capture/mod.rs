//! Images come in.

mod analyze;
mod form;
mod image;
mod objects;
mod presign;
pub(crate) mod put_object;
mod range;
mod upload;
mod upload_and_analyze;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

/// What makes a model look at an image.
pub(super) fn analyses() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(upload_and_analyze::upload_and_analyze))
        .routes(routes!(analyze::analyze))
}

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(upload::upload))
        .routes(routes!(presign::presign_upload))
        .routes(routes!(image::get_image))
}

pub(super) fn linked() -> OpenApiRouter<Shared> {
    OpenApiRouter::default().routes(routes!(objects::open_object, put_object::put_object))
}
