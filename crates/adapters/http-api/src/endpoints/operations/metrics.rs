//! `GET /metrics`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;

use crate::state::Shared;

/// Metrics in the Prometheus text format
#[utoipa::path(
    get, path = "/metrics", tag = "Operations", security(()),
    responses((status = 200, description = "All metrics.", body = String, content_type = "text/plain")),
)]
pub(super) async fn metrics(State(state): State<Shared>) -> Response {
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, media_type)], (state.metrics)()).into_response()
}
