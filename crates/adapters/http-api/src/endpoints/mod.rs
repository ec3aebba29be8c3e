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
pub(crate) fn for_callers() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .merge(capture::routes())
        .merge(sessions::routes())
        .merge(topics::routes())
        .merge(bookmarks::routes())
        .merge(help::routes())
        .merge(profile::routes())
}

/// What is open to whoever holds a signed link.
pub(crate) fn linked() -> OpenApiRouter<Shared> {
    capture::linked()
}

/// What operators look at.
pub(crate) fn for_operators() -> OpenApiRouter<Shared> {
    operations::routes()
}
