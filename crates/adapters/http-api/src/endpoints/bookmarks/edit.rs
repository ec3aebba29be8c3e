//! `PATCH /bookmark/{bookmarkId}`

use axum::extract::State;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::note;
use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Attempted, Caller, JsonBody, PathBookmark};
use crate::state::Shared;
use crate::views::BookmarkView;

failing!(Failures: BookmarkNotFound, UnsupportedMediaType);

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct EditedBookmark {
    #[serde(deserialize_with = "given")]
    #[schema(required = true, schema_with = note::schema)]
    note: Option<String>,
}

/// Null is a note removed, a missing member a mistake.
fn given<'de, D: Deserializer<'de>>(note: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(note)
}

/// Replace a bookmark's note
#[utoipa::path(
    patch, path = "/bookmark/{bookmarkId}", tag = "Bookmarks",
    params(("bookmarkId" = Uuid, Path, description = "The bookmark.")),
    request_body = EditedBookmark,
    responses((status = 200, description = "The bookmark as it is now.", body = Success<BookmarkView>), Failures),
)]
pub(super) async fn edit_bookmark(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
    PathBookmark(id): PathBookmark,
    JsonBody(edited): JsonBody<EditedBookmark>,
) -> Answer<BookmarkView> {
    let note = note::parse(edited.note.as_deref())?;
    let bookmarks = state.bookmarks.attempting(attempt);
    success(bookmarks.edit(user, id, note).await?.into())
}
