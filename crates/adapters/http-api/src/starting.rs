//! What is answered while the server starts.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::{Clock, Ids};
use serde_json::json;

use crate::endpoints::operations::live;
use crate::error::{ApiError, ErrorCode};
use crate::middleware::{RequestId, rendered};
use crate::router::MOUNTS;

const LIVE: &str = "/health/live";
const RETRY_AFTER_SEC: u64 = 1;

/// Where the ids of requests come from.
#[derive(Clone)]
struct Source {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// Answers that the process lives, and everything else with 503 `NOT_READY`: nothing is taken on
/// before the schema is there and what waited is being written.
pub fn starting(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Router {
    let mounts = MOUNTS.iter().map(|mount| format!("{mount}{LIVE}"));
    let paths = mounts.chain([LIVE.to_owned()]);
    let alive = paths.fold(Router::new(), |router, path| router.route(&path, get(live)));
    let source = Source { clock, ids };
    alive
        .fallback(not_yet)
        .layer(from_fn_with_state(source, enveloped))
}

async fn not_yet() -> ApiError {
    let dependencies = json!([{ "name": "server", "state": "starting" }]);
    ApiError::new(ErrorCode::NotReady, "the server is starting")
        .with_details(json!({ "dependencies": dependencies }))
        .with_retry_after(RETRY_AFTER_SEC)
}

async fn enveloped(State(source): State<Source>, request: Request, next: Next) -> Response {
    let Source { clock, ids } = source;
    let fresh = || RequestId::fresh(clock.as_ref(), ids.as_ref());
    let id = RequestId::given(request.headers()).unwrap_or_else(fresh);
    rendered(next.run(request).await.into_response(), &id)
}
