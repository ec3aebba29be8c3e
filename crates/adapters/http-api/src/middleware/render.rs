//! Every failure gets the envelope: handlers' errors, panics, and what the framework answers.

use std::any::Any;
use std::error::Error;
use std::panic::AssertUnwindSafe;

use axum::Extension;
use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::request_id::RequestId;
use crate::endpoints::PLAIN;
use crate::error::{ApiError, ErrorCode};

/// Runs the request and renders its failure.
pub(crate) async fn render(
    Extension(id): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let shape = Shape::of(&request);
    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = outcome.unwrap_or_else(|panic| panicked(panic.as_ref()));
    rendered_as(shape, response, &id)
}

/// How failures look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Envelope,
    Plain,
}

impl Shape {
    fn of(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        if matched.is_some_and(|path| path.as_str().ends_with(PLAIN)) {
            Self::Plain
        } else {
            Self::Envelope
        }
    }

    fn answer(self, error: &ApiError, id: &RequestId) -> Response {
        let status = error.code.status();
        match self {
            Self::Envelope => (status, Json(error.envelope(id.as_str()))).into_response(),
            Self::Plain => (status, Json(error.plain())).into_response(),
        }
    }
}

/// The answer to a request whose handler panicked.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    metrics::counter!("handler_panics_total").increment(1);
    tracing::error!(panic = text.unwrap_or("no message"), "a handler panicked");
    ApiError::from(ErrorCode::Internal).into_response()
}

/// The response with its envelope, if it is a failure that has none yet.
pub(crate) fn rendered(response: Response, id: &RequestId) -> Response {
    rendered_as(Shape::Envelope, response, id)
}

fn rendered_as(shape: Shape, mut response: Response, id: &RequestId) -> Response {
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error,
        None if is_foreign_failure(&response) => ApiError::from(code_of(response.status())),
        None => return response,
    };
    log(&error);
    let mut answer = shape.answer(&error, id);
    add_missing(answer.headers_mut(), response.headers());
    if let Some(seconds) = error.retry_after_sec {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if error.code == ErrorCode::Unauthorized {
        answer
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer.extensions_mut().insert(Rendered);
    answer
}

/// A header may have several values, as cookies do.
fn add_missing(headers: &mut HeaderMap, others: &HeaderMap) {
    for name in others.keys() {
        if !headers.contains_key(name) {
            for value in others.get_all(name) {
                headers.append(name, value.clone());
            }
        }
    }
}

/// Marks failures that have their envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rendered;

fn is_foreign_failure(response: &Response) -> bool {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    failed && response.extensions().get::<Rendered>().is_none()
}

/// The code for a failure that the framework answered by itself.
fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::RequestTimeout,
        status if status.is_client_error() => ErrorCode::ValidationFailed,
        _ => ErrorCode::Internal,
    }
}

/// The chain of causes goes to the log, once, and not to the client.
fn log(error: &ApiError) {
    let code = error.code.as_str();
    let chain = error.cause.as_ref().map(|cause| chain(cause.as_ref()));
    if error.code.status().is_server_error() {
        tracing::warn!(code, error = chain, "request failed");
    } else {
        tracing::debug!(code, message = %error.message, error = chain, "request refused");
    }
}

fn chain(cause: &(dyn Error + Send + Sync + 'static)) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
