//! `GET /bookmark`

use axum::extract::State;
use kernel::SessionId;
use utoipa::IntoParams;

use crate::answer::{Answer, Listing, Success, success};
use crate::error::ApiError;
use crate::extract::{Caller, FromQuery, PageQuery, QueryOf, QueryReader, parse_id};
use crate::state::Shared;
use crate::views::BookmarkView;

/// Which bookmarks.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Filter {
    /// Only those of this session.
    #[param(value_type = uuid::Uuid, required = false)]
    session_id: Option<SessionId>,
}

impl FromQuery for Filter {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            session_id: query.parsed("sessionId", "must be a UUID", parse_id)?,
        })
    }
}

/// The caller's bookmarks, newest first
#[utoipa::path(
    get, path = "/bookmark", tag = "Bookmarks",
    params(Filter, PageQuery),
    responses((status = 200, description = "A page of bookmarks.", body = Success<Listing<BookmarkView>>)),
)]
pub(super) async fn list_bookmarks(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf((filter, page)): QueryOf<(Filter, PageQuery)>,
) -> Answer<Listing<BookmarkView>> {
    let bookmarks = &state.bookmarks;
    let page = bookmarks
        .list(user, filter.session_id, page.request())
        .await?;
    success(Listing::page(page, BookmarkView::from))
}
