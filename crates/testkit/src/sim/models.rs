//! `GET /v1/models` and `GET /v1/models/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::error::ApiError;
use super::state::State;

const LISTED: [&str; 2] = ["sim-vision", "sim-realtime"];

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v1/models", get(list))
        .route("/v1/models/{call}", get(one))
}

/// Whether requests may name the model.
pub(super) fn check(state: &State, model: &str) -> Result<(), ApiError> {
    state
        .knows(model)
        .then_some(())
        .ok_or_else(|| not_found(model))
}

/// 404 as the provider words it.
pub(super) fn not_found(model: &str) -> ApiError {
    let message = format!("The model '{model}' does not exist or you do not have access to it.");
    ApiError::new(StatusCode::NOT_FOUND, "invalid_request_error", message)
        .param("model")
        .code("model_not_found")
}

async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let data: Vec<_> = match &state.options.models {
        Some(models) => models.iter().map(|id| model(id)).collect(),
        None => LISTED.iter().map(|id| model(id)).collect(),
    };
    Json(json!({"object": "list", "data": data}))
}

async fn one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    check(&state, &id)?;
    Ok(Json(model(&id)))
}

fn model(id: &str) -> Value {
    json!({"id": id, "object": "model", "created": 1_767_225_600, "owned_by": "simulator",
        "shutdown_date": null})
}
