//! `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent?alt=sse`, the Gemini
//! API; under `/v1` too, where the newest SDKs ask by default.
//!
//! As strict as the provider: unknown names, both kinds of schema at once, media types that are not
//! taken and pictures that cannot be opened are refused. A wrong key is 400, none at all 403.

mod error;
mod faults;
mod image;
mod request;
mod response;

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use self::error::ApiError;
use self::request::Request;
use super::script::{Asked, Reply};
use super::state::State;
use super::wire::Cut;
use super::{sending, words};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v1beta/models", get(list))
        .route("/v1beta/models/{call}", post(generate).get(one))
        .route("/v1/models/{call}", post(generate))
}

#[expect(clippy::result_large_err, reason = "the error is the answer")]
pub(super) fn check_key(headers: &HeaderMap, keys: Option<&[String]>) -> Result<(), Response> {
    let key = headers.get("x-goog-api-key");
    let key = key.and_then(|key| key.to_str().ok()).map(str::trim);
    match key.filter(|key| !key.is_empty()) {
        None => Err(faults::no_key().into_response()),
        Some(key) if keys.is_some_and(|keys| !keys.iter().any(|known| known == key)) => {
            Err(faults::wrong_key().into_response())
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn too_large() -> Response {
    let message = "Request payload size exceeds the limit.";
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "INVALID_ARGUMENT", message).into_response()
}

/// The headers every answer carries.
pub(super) fn dress(headers: &mut HeaderMap, took_ms: u128) {
    if let Ok(timing) = HeaderValue::from_str(&format!("gfet4t7; dur={took_ms}")) {
        headers.insert("server-timing", timing);
    }
}

/// `GET /v1beta/models`: what may be asked.
async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let known = state.options.models.as_deref().unwrap_or_default();
    let models: Vec<_> = known.iter().map(|name| model(name)).collect();
    Json(json!({ "models": models }))
}

/// `GET /v1beta/models/{name}`: one of them.
async fn one(Shared(state): Shared<Arc<State>>, Path(name): Path<String>) -> Response {
    match check_model(&state, &name) {
        Ok(()) => Json(model(&name)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn model(name: &str) -> Value {
    json!({ "name": format!("models/{name}"), "supportedGenerationMethods": ["generateContent"] })
}

async fn generate(
    Shared(state): Shared<Arc<State>>,
    Extension(cut): Extension<Cut>,
    Path(call): Path<String>,
    body: Bytes,
) -> Response {
    let (model, streams) = match call.rsplit_once(':') {
        Some((model, "generateContent")) => (model, false),
        Some((model, "streamGenerateContent")) => (model, true),
        _ => return ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", "").into_response(),
    };
    match answer(&state, cut, (model, streams), &body).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn answer(
    state: &State,
    cut: Cut,
    (model, streams): (&str, bool),
    body: &[u8],
) -> Result<Response, ApiError> {
    let request = Request::parse(body)?;
    check_model(state, model)?;
    let images = image::look_at_all(&request).await?;
    let question = request.question(&images);
    let asked = Asked {
        images: question.images.clone(),
        body: request.body.clone(),
        ..Asked::default()
    };
    let step = sending::next_step(state, asked, &cut).await;
    if let Reply::Fault(fault) = &step.reply {
        faults::error(fault, model).map_or(Ok(()), Err)?;
    }
    let words = words::of(&step, &question);
    let answer = response::build(state.serial(), model, &request, &images, words);
    state.bill(Some(response::bill(model, &answer)));
    Ok(if streams {
        sending::events(response::events(&answer), &step.reply, cut)
    } else {
        sending::whole_object(&answer, &step.reply, cut)
    })
}

fn check_model(state: &State, model: &str) -> Result<(), ApiError> {
    let known = state.knows(model).then_some(());
    known.ok_or_else(|| faults::no_model(model))
}
