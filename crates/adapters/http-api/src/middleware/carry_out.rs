//! Carrying out a request whose answer is to be kept.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use kernel::{Fault, PortResult};
use ledger::{Answer, AnswerKey};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::render::{panicked, rendered};
use super::repeat::attempt;
use super::request_id::RequestId;
use crate::error::{ApiError, ErrorCode};
use crate::state::{AppState, Shared};

/// How long an answer waits to be kept before it is sent: a database that is away does not hold it.
const SETTLE_WITHIN: Duration = Duration::from_millis(500);
/// The waits before further attempts to keep an answer. Their sum is far below the age at which a
/// claim counts as left behind.
const SETTLE_AGAIN_AFTER: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(32),
];

/// Claims the request and carries it out in a task of its own: it comes to its end, and its answer
/// is kept, even if the client goes away meanwhile and asks again.
pub(super) async fn carry_out(
    state: Shared,
    key: AnswerKey,
    digest: String,
    (mut request, next): (Request, Next),
) -> Response {
    let (answer, answered) = oneshot::channel();
    let tasks = state.tasks.clone();
    let task = async move {
        match attempt(&state, &key, &digest).await {
            Ok(attempt) => request.extensions_mut().insert(attempt),
            Err(response) => return drop(answer.send(response)),
        };
        let id = request.extensions().get::<RequestId>().cloned();
        let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let response = outcome.unwrap_or_else(|panic| panicked(panic.as_ref()));
        let response = match id {
            Some(id) => rendered(response, &id),
            None => response,
        };
        let (response, final_answer) = copied(response).await;
        let mut settled = std::pin::pin!(settle(&state, &key, final_answer));
        let in_time = tokio::time::timeout(SETTLE_WITHIN, &mut settled)
            .await
            .is_ok();
        if answer.send(response).is_err() {
            tracing::debug!("the client went away, the answer is kept");
        }
        if !in_time {
            settled.await;
        }
    };
    tasks.spawn(
        "request with an idempotency key",
        Box::pin(task.in_current_span()),
    );
    let ended_early = |_| ApiError::from(ErrorCode::Internal).into_response();
    answered.await.unwrap_or_else(ended_early)
}

/// The response, and a copy of it if it is final: a fault of the server may be gone at the next
/// attempt.
async fn copied(response: Response) -> (Response, Option<Answer>) {
    if response.status().is_server_error() {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let read = to_bytes(body, usize::MAX).await.ok();
    let body = read.and_then(|bytes| String::from_utf8(bytes.into()).ok());
    let Some(body) = body else {
        return (ApiError::from(ErrorCode::Internal).into_response(), None);
    };
    let answer = Answer {
        status: parts.status.as_u16(),
        body: body.clone(),
    };
    (Response::from_parts(parts, Body::from(body)), Some(answer))
}

/// Keeps the answer for whoever repeats the request, or lets the request be tried again. Until then
/// whoever repeats it is told to wait, so a database that is away is asked again.
async fn settle(state: &AppState, key: &AnswerKey, answer: Option<Answer>) {
    for wait in SETTLE_AGAIN_AFTER {
        match settle_once(state, key, answer.as_ref()).await {
            Err(error) if matches!(error.fault(), Fault::Unavailable | Fault::Full) => {}
            settled => return note(settled),
        }
        tokio::time::sleep(wait).await;
    }
    note(settle_once(state, key, answer.as_ref()).await);
}

async fn settle_once(state: &AppState, key: &AnswerKey, answer: Option<&Answer>) -> PortResult<()> {
    match answer {
        Some(answer) => state.answers.keep(key, answer).await,
        None => state.answers.release(key).await,
    }
}

fn note(settled: PortResult<()>) {
    if let Err(error) = settled {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "neither could the answer be kept nor the idempotency key be given back"
        );
    }
}
