//! No request takes for ever.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// Gives up on a request whose body does not arrive or whose answer is not ready in time. What
/// the server waits for itself has shorter deadlines of its own.
pub(crate) async fn timeout(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(state.limits.request_timeout, next.run(request)).await;
    answered.unwrap_or_else(|_| ApiError::from(ErrorCode::RequestTimeout).into_response())
}
