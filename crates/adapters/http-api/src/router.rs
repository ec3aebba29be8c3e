//! The routes and what happens around them.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;
use axum::{Extension, Router};
use http::{StatusCode, Version, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use utoipa_axum::router::OpenApiRouter;

use crate::endpoints::operations::{DOCS_PATH, Document, swagger_ui};
use crate::endpoints::{private, public};
use crate::error::{ApiError, ErrorCode};
use crate::middleware::{cors, drain, identify, render, repeat, scope, security_headers, timeout};
use crate::openapi::openapi;
use crate::state::{AppState, Shared};

/// The mounts of the API; the first one is documented.
const MOUNTS: [&str; 2] = ["/api/v1", "/api"];
/// Smaller answers do not gain by compression.
const COMPRESS_FROM_BYTES: u64 = 1024;

/// The whole way in.
pub fn router(state: AppState) -> Router {
    let state: Shared = Arc::new(state);
    let routes = routes(&state)
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(Extension(Document::new(openapi())));
    around(routes, &state).with_state(state)
}

fn routes(state: &Shared) -> Router<Shared> {
    let (operations, _) = public().split_for_parts();
    let mut routes = Router::new().merge(operations.clone()).merge(swagger_ui());
    for mount in MOUNTS {
        let (calls, _) = private().split_for_parts();
        let docs = get(|| async { Redirect::temporary(DOCS_PATH) });
        let calls = for_callers(calls, state)
            .merge(operations.clone())
            .route(DOCS_PATH, docs);
        routes = routes.nest(mount, calls);
    }
    routes
}

/// Innermost layer first.
fn for_callers(calls: Router<Shared>, state: &Shared) -> Router<Shared> {
    calls
        .route_layer(from_fn_with_state(state.clone(), repeat))
        .route_layer(from_fn_with_state(state.clone(), identify))
}

/// Innermost layer first.
fn around(routes: Router<Shared>, state: &Shared) -> Router<Shared> {
    routes
        .layer(DefaultBodyLimit::max(state.largest_body()))
        .layer(from_fn_with_state(state.clone(), timeout))
        .layer(from_fn(drain))
        .layer(from_fn(render))
        .layer(
            CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_FROM_BYTES).and(is_json)),
        )
        .layer(cors(&state.cors))
        .layer(from_fn(security_headers))
        .layer(from_fn_with_state(state.clone(), scope))
}

/// Images are compressed already.
fn is_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &http::Extensions) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    media_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

async fn no_route() -> ApiError {
    ErrorCode::NotFound.into()
}

async fn no_method() -> ApiError {
    ErrorCode::MethodNotAllowed.into()
}

/// The routes as they are documented.
pub(crate) fn documented() -> (OpenApiRouter<Shared>, OpenApiRouter<Shared>) {
    (
        OpenApiRouter::default().nest(MOUNTS[0], private()),
        public(),
    )
}
