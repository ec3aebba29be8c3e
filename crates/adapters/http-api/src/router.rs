//! The routes and what happens around them.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Method, StatusCode, Version, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use crate::endpoints::operations::{DOCS_PATH, Document, swagger_ui};
use crate::endpoints::{
    for_analyses, for_callers, for_members, for_operators, for_owners, for_strangers, for_streams,
    for_visitors, linked, mailed,
};
use crate::error::{ApiError, ErrorCode};
use crate::middleware::{
    Flow, client_address, cors, drain, flow, identify, identify_visitor, limit_address,
    limit_analyses, limit_user, no_foreign_page, no_store, own_pages, render, repeat, scope,
    security_headers, timeout,
};
use crate::openapi::openapi;
use crate::state::{AppState, Shared};

/// The mounts of the API; the first one is documented.
pub(crate) const MOUNTS: [&str; 2] = ["/api/v1", "/api"];
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
    let operations = Router::from(for_operators());
    // Devices in the field know the socket under the root too.
    let socket = limited(door(state), state);
    let mut routes = guarded(operations.clone().merge(swagger_ui()).merge(socket), state);
    for mount in MOUNTS {
        let docs = get(|| async { Redirect::temporary(DOCS_PATH) });
        let mounted = private(state)
            .merge(operations.clone())
            .route(DOCS_PATH, docs);
        // Whoever has a link may show its image on their page.
        let mounted = guarded(mounted, state).merge(linked());
        routes = routes.nest(mount, mounted);
    }
    routes
}

fn guarded(routes: Router<Shared>, state: &Shared) -> Router<Shared> {
    routes.route_layer(from_fn_with_state(state.clone(), no_foreign_page))
}

/// What is answered to somebody, whether they are known already or just come in.
fn private(state: &Shared) -> Router<Shared> {
    let known = identified(state);
    let entrance = Router::from(for_strangers());
    let entrance = entrance.route_layer(from_fn_with_state(state.clone(), own_pages));
    let all = known.merge(entrance).merge(mailed()).merge(door(state));
    limited(all, state)
}

fn limited(routes: Router<Shared>, state: &Shared) -> Router<Shared> {
    routes
        .route_layer(from_fn_with_state(state.clone(), limit_address))
        .route_layer(from_fn(no_store))
}

/// Where conversations begin. The limits count the upgrade, not what follows it.
fn door(state: &Shared) -> Router<Shared> {
    Router::from(for_visitors())
        .route_layer(from_fn_with_state(state.clone(), limit_user))
        .route_layer(from_fn_with_state(state.clone(), identify_visitor))
}

/// Innermost layer first.
fn identified(state: &Shared) -> Router<Shared> {
    let analyses = repeatable(for_analyses().into(), state)
        .route_layer(from_fn_with_state(state.clone(), limit_analyses));
    repeatable(for_callers().merge(for_members()).into(), state)
        .merge(analyses)
        .merge(Router::from(for_owners()))
        .merge(Router::from(for_streams()))
        .route_layer(from_fn_with_state(state.clone(), limit_user))
        .route_layer(from_fn_with_state(state.clone(), identify))
}

/// Answers that are kept for repeated requests hold no tokens: those are handed out at the
/// entrance only.
fn repeatable(calls: Router<Shared>, state: &Shared) -> Router<Shared> {
    calls.route_layer(from_fn_with_state(state.clone(), repeat))
}

/// Innermost layer first.
fn around(routes: Router<Shared>, state: &Shared) -> Router<Shared> {
    routes
        .layer(DefaultBodyLimit::max(state.largest_body()))
        .layer(from_fn_with_state(Flow::of(state), flow))
        .layer(from_fn_with_state(state.clone(), timeout))
        .layer(from_fn(drain))
        .layer(from_fn(render))
        .layer(
            CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_FROM_BYTES).and(is_json)),
        )
        .layer(from_fn_with_state(state.clone(), cors))
        .layer(from_fn(security_headers))
        .layer(from_fn_with_state(state.clone(), scope))
        .layer(from_fn_with_state(state.clone(), client_address))
}

/// Images are compressed already.
fn is_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &http::Extensions) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    media_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

async fn no_route() -> ApiError {
    ErrorCode::NotFound.into()
}

/// `OPTIONS` asks for no more than the header `Allow`, which is set for any answer from here.
async fn no_method(method: Method) -> Result<StatusCode, ApiError> {
    if method == Method::OPTIONS {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ErrorCode::MethodNotAllowed.into())
    }
}
