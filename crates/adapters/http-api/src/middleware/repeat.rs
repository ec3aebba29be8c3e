//! `Idempotency-Key`: a request sent again gets its first answer.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use http::{HeaderName, HeaderValue, StatusCode, header};
use kernel::WorkId;
use ledger::{Answer, AnswerKey, Attempt, Claim, Claimed};

use super::carry_out::carry_out;
use super::fingerprint::fingerprint;
use super::render::Rendered;
use super::request_id::is_plain;
use crate::error::{ApiError, ErrorCode};
use crate::extract::{Caller, Limited, read_limited};
use crate::state::{AppState, Shared};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_KEY_LENGTH: usize = 200;
/// A claim this old is of a process that is gone: no request takes longer than the time-out.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(5);
const RETRY_IN_PROGRESS_SEC: u64 = 1;

/// Carries out a request with a key once. Safe requests and those without a key pass.
pub(crate) async fn repeat(State(state): State<Shared>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let key = match key_of(&request) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(error) => return error.into_response(),
    };
    let answered = once(state, key, request, next);
    answered.await.unwrap_or_else(ApiError::into_response)
}

fn key_of(request: &Request) -> Result<Option<AnswerKey>, ApiError> {
    let Some(value) = request.headers().get(KEY) else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .filter(|key| is_plain(key, MAX_KEY_LENGTH));
    let must = "must be 1 to 200 visible ASCII characters";
    let key = key.ok_or_else(|| ApiError::invalid("Idempotency-Key", must))?;
    let caller = request.extensions().get::<Caller>();
    let Caller(user) = *caller.ok_or(ErrorCode::Unauthorized)?;
    Ok(Some(AnswerKey {
        user,
        key: key.to_owned(),
    }))
}

async fn once(
    state: Shared,
    key: AnswerKey,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = match read_limited(body, state.largest_body()).await? {
        Limited::Whole(body) => body,
        // Too large for any route: it fails whoever repeats it, and needs no memory of it.
        Limited::Longer(body) => return Ok(next.run(Request::from_parts(parts, body)).await),
    };
    let digest = fingerprint(&parts, &body).await;
    let request = Request::from_parts(parts, body.into());
    Ok(carry_out(state, key, digest, (request, next)).await)
}

/// The request is ours to carry out, or there is an answer already.
pub(super) async fn attempt(
    state: &AppState,
    key: &AnswerKey,
    digest: &str,
) -> Result<Attempt, Response> {
    let answer = match claim(state, key, digest).await {
        Ok(Claim::Ours(attempt)) => return Ok(attempt),
        Ok(Claim::Answered(answer)) => replay(answer),
        Ok(Claim::InProgress) => {
            let waits = ApiError::from(ErrorCode::IdempotencyInProgress);
            Err(waits.with_retry_after(RETRY_IN_PROGRESS_SEC))
        }
        Ok(Claim::Mismatch) => Err(ErrorCode::IdempotencyMismatch.into()),
        Err(error) => Err(error),
    };
    Err(answer.unwrap_or_else(ApiError::into_response))
}

async fn claim(state: &AppState, key: &AnswerKey, digest: &str) -> Result<Claim, ApiError> {
    let now = state.clock.now();
    let request = Claimed {
        fingerprint: digest,
        work: WorkId::new(state.ids.next(now)),
    };
    let oldest = now - STALE_AFTER;
    let claim = state.answers.claim(key, request, now, oldest);
    Ok(claim.await?)
}

fn replay(answer: Answer) -> Result<Response, ApiError> {
    let Answer { status, body } = answer;
    let unreadable = |error| ApiError::from(ErrorCode::Internal).caused_by(error);
    let status = StatusCode::from_u16(status).map_err(unreadable)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (REPLAYED, HeaderValue::from_static("true")),
    ];
    let mut response = (status, headers, body).into_response();
    response.extensions_mut().insert(Rendered);
    Ok(response)
}
