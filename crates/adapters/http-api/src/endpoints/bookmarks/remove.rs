//! `DELETE /bookmark/{bookmarkId}`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Attempted, Caller, PathBookmark};
use crate::state::Shared;

failing!(Failures: BookmarkNotFound);

/// A bookmark that is gone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RemovedBookmark {
    bookmark_id: Uuid,
}

/// Remove a bookmark
#[utoipa::path(
    delete, path = "/bookmark/{bookmarkId}", tag = "Bookmarks",
    params(("bookmarkId" = Uuid, Path, description = "The bookmark.")),
    responses((status = 200, description = "It is gone.", body = Success<RemovedBookmark>), Failures),
)]
pub(super) async fn remove_bookmark(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
    PathBookmark(id): PathBookmark,
) -> Answer<RemovedBookmark> {
    let bookmarks = state.bookmarks.attempting(attempt);
    bookmarks.remove(user, id).await?;
    success(RemovedBookmark {
        bookmark_id: id.uuid(),
    })
}
