//! Bookmarks.

mod add;
mod edit;
mod list;
mod note;
mod remove;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(add::add_bookmark, list::list_bookmarks))
        .routes(routes!(edit::edit_bookmark, remove::remove_bookmark))
}
