//! `POST /v1/messages`, Anthropic's Messages API.
//!
//! As strict as the provider: one of the two versions of the protocol must be named, and the newer
//! one refuses what it has dropped; unknown fields, a missing `max_tokens`, media types and schemas
//! that are not taken, and pictures that cannot be opened are refused by name.

mod error;
mod faults;
mod image;
mod message;
mod request;
mod schema;

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;

use self::error::ApiError;
use self::request::{Request, Version};
use super::script::{Asked, Reply};
use super::state::State;
use super::wire::Cut;
use super::{sending, words};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/v1/messages", post(create))
}

/// The key stands in `x-api-key`, or else is a bearer token.
#[expect(clippy::result_large_err, reason = "the error is the answer")]
pub(super) fn check_key(headers: &HeaderMap, keys: Option<&[String]>) -> Result<(), Response> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(&header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let key = text(&HeaderName::from_static("x-api-key")).or(bearer);
    let unauthorized = |message: &str| {
        let error = ApiError::new(401, "authentication_error", message);
        Err(error.into_response())
    };
    match key.map(str::trim).filter(|key| !key.is_empty()) {
        None => unauthorized("x-api-key header is required"),
        Some(key) if keys.is_some_and(|keys| !keys.iter().any(|known| known == key)) => {
            unauthorized("invalid x-api-key")
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn too_large() -> Response {
    let message = "Request exceeds the maximum allowed number of bytes.";
    ApiError::new(413, "request_too_large", message).into_response()
}

/// The headers every answer carries.
pub(super) fn dress(headers: &mut HeaderMap, serial: u64) {
    let id = HeaderValue::from_str(&format!("req_{serial:024x}"));
    if let Ok(id) = id {
        headers.insert("request-id", id);
    }
    for (name, value) in [
        ("anthropic-ratelimit-requests-limit", "4000"),
        ("anthropic-ratelimit-requests-remaining", "3999"),
        ("anthropic-ratelimit-requests-reset", "2026-11-21T00:00:00Z"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

async fn create(
    Shared(state): Shared<Arc<State>>,
    Extension(cut): Extension<Cut>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match answer(&state, cut, &headers, &body).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn answer(
    state: &State,
    cut: Cut,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, ApiError> {
    let request = Request::parse(body, Version::of(headers)?)?;
    check_model(state, request.model())?;
    let images = image::look_at_all(&request).await?;
    let question = request.question(&images);
    let asked = Asked {
        student: request.student().to_owned(),
        images: question.images.clone(),
        body: request.body.clone(),
        ..Asked::default()
    };
    let step = sending::next_step(state, asked, &cut).await;
    if let Reply::Fault(fault) = &step.reply {
        faults::error(fault, &request).map_or(Ok(()), Err)?;
    }
    let words = words::of(&step, &question);
    let (message, bill) = message::build(state.serial(), &request, &images, words);
    state.bill(Some(bill));
    Ok(if request.streams() {
        sending::events(message::events(&message, &step.reply), &step.reply, cut)
    } else {
        sending::whole_object(&message, &step.reply, cut)
    })
}

fn check_model(state: &State, model: &str) -> Result<(), ApiError> {
    let known = state.knows(model).then_some(());
    known.ok_or_else(|| faults::no_model(model))
}
