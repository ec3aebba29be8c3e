//! One endpoint, one file: input, errors, document, handler.

mod bookmarks;
mod capture;
mod help;
pub(crate) mod operations;
mod profile;
mod sessions;
mod today;
mod topics;

use utoipa_axum::router::OpenApiRouter;

use crate::state::Shared;

/// Everything that is done for a caller.
pub(crate) fn private() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .merge(capture::routes())
        .merge(sessions::routes())
        .merge(topics::routes())
        .merge(bookmarks::routes())
        .merge(help::routes())
        .merge(profile::routes())
}

/// What is open to everybody: signed links and what operators look at.
pub(crate) fn public() -> OpenApiRouter<Shared> {
    operations::routes().merge(capture::public_routes())
}
