//! How often somebody may ask (draft-ietf-httpapi-ratelimit-headers-11).

mod headers;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use limits::{Admission, BucketKey, Left, Quota, network};
use serde_json::json;

use super::ClientAddress;
use crate::error::{ApiError, ErrorCode, whole_seconds};
use crate::extract::Caller;
use crate::state::{AppState, Shared};

/// Limits the requests that come from one address, whoever they are by.
pub(crate) async fn limit_address(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let address = request.extensions().get::<ClientAddress>();
    let address = address.and_then(|address| address.0).map(network);
    let limit = Limit::of("address", state.quotas.address, address);
    limited(&state, limit, request, next).await
}

/// Limits the requests of one user; stands behind the identity layer.
pub(crate) async fn limit_user(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>().map(|caller| caller.0);
    let limit = Limit::of("user", state.quotas.user, caller);
    limited(&state, limit, request, next).await
}

/// Limits what makes a model look at an image, for one user; stands behind the identity layer and
/// before anything reads the body.
pub(crate) async fn limit_analyses(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>().map(|caller| caller.0);
    let limit = Limit::of("analyses", state.quotas.analyses, caller);
    limited(&state, limit, request, next).await
}

/// One limit on one client.
struct Limit {
    /// As clients see it.
    name: &'static str,
    bucket: BucketKey,
    quota: Quota,
}

impl Limit {
    /// `None` where this is not limited, or nobody knows whom to count it against.
    fn of(
        name: &'static str,
        quota: Option<Quota>,
        client: Option<impl std::fmt::Display>,
    ) -> Option<Self> {
        let bucket = BucketKey::new(&format!("requests:{name}"), client?);
        let quota = quota?;
        Some(Self {
            name,
            bucket,
            quota,
        })
    }
}

async fn limited(
    state: &Arc<AppState>,
    limit: Option<Limit>,
    request: Request,
    next: Next,
) -> Response {
    let Some(limit) = limit else {
        return next.run(request).await;
    };
    let buckets = [(limit.bucket.clone(), limit.quota)];
    let admission = match state.limiter.take(&buckets, state.clock.now()).await {
        Ok(admission) => admission,
        Err(error) => {
            tracing::warn!(limit = limit.name, error = %error, "the request is not counted");
            return next.run(request).await;
        }
    };
    let mut response = match &admission {
        Admission::Admitted(_) => next.run(request).await,
        Admission::Refused { retry_after, .. } => refused(limit.name, *retry_after),
    };
    if let [left] = admission.left() {
        tell(&mut response, &limit, *left);
    }
    response
}

fn refused(limit: &'static str, retry_after: chrono::TimeDelta) -> Response {
    metrics::counter!("rate_limited_requests_total", "limit" => limit).increment(1);
    let seconds = whole_seconds(retry_after.to_std().unwrap_or_default());
    ApiError::from(ErrorCode::RateLimited)
        .with_details(json!({ "limit": limit }))
        .with_retry_after(seconds)
        .into_response()
}

/// The window never ends after `Retry-After` has passed: both say when one more is admitted.
fn tell(response: &mut Response, limit: &Limit, left: Left) {
    let window = whole_seconds(limit.quota.per.to_std().unwrap_or_default());
    let until = whole_seconds(left.refilled_after.to_std().unwrap_or_default());
    let Left { remaining, .. } = left;
    let (name, burst) = (limit.name, limit.quota.burst);
    let answered = response.headers_mut();
    headers::add(
        answered,
        headers::POLICY,
        &format!("\"{name}\";q={burst};w={window}"),
    );
    headers::add(
        answered,
        headers::LIMIT,
        &format!("\"{name}\";r={remaining};t={until}"),
    );
}
