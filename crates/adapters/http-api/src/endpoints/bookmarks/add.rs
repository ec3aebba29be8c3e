//! `POST /bookmark`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::note;
use crate::answer::{Answer, Success, success};
use crate::error::{ErrorCode, failing};
use crate::extract::{Attempted, Caller, JsonBody, parse_id};
use crate::state::Shared;
use crate::views::BookmarkView;

failing!(Failures: AnalysisNotFound, UnsupportedMediaType);

/// What to bookmark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBookmark {
    /// The analysis to find again. What is no id names no analysis of anybody.
    #[schema(value_type = uuid::Uuid)]
    analysis_id: String,
    #[schema(schema_with = note::schema)]
    note: Option<String>,
}

/// Bookmark an analysis
#[utoipa::path(
    post, path = "/bookmark", tag = "Bookmarks",
    request_body = NewBookmark,
    responses((status = 200, description = "The new bookmark.", body = Success<BookmarkView>), Failures),
)]
pub(super) async fn add_bookmark(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
    JsonBody(new): JsonBody<NewBookmark>,
) -> Answer<BookmarkView> {
    let note = note::parse(new.note.as_deref())?;
    let event = parse_id(&new.analysis_id).ok_or(ErrorCode::AnalysisNotFound)?;
    let bookmarks = state.bookmarks.attempting(attempt);
    success(bookmarks.add(user, event, note).await?.into())
}
