//! Keeping the pages of others out.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::pages::Pages;
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// Refuses unsafe calls of foreign pages. Around routes that set cookies: a page must neither sign
/// its visitor in as somebody else nor out.
pub(crate) async fn own_pages(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || Pages::of(&state).may_use_cookie(request.headers()) {
        next.run(request).await
    } else {
        ApiError::from(ErrorCode::Forbidden).into_response()
    }
}
