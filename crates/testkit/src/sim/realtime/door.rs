//! `GET /v1/realtime`: the upgrade, and who is refused after it.

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use url::form_urlencoded;

use super::script::{Plan, Refusal};
use super::socket::{Refused, Socket};
use super::talk::Talk;
use crate::sim::error::ApiError;
use crate::sim::record::RecordedRequest;
use crate::sim::state::State;
use crate::sim::wire::Cut;

/// Bytes of a client's frame.
const MAX_FRAME: usize = 32 * 1024 * 1024;
/// Bytes that a connection's buffers begin with; there may be hundreds of connections.
const BUFFER: usize = 16 * 1024;
const KEY_PROTOCOL: &str = "openai-insecure-api-key.";

pub(in crate::sim) fn routes() -> Router<Arc<State>> {
    Router::new().route("/v1/realtime", get(open))
}

/// What a caller brings.
struct Caller {
    path: String,
    headers: HeaderMap,
    query: Vec<(String, String)>,
}

async fn open(
    Shared(state): Shared<Arc<State>>,
    Extension(cut): Extension<Cut>,
    parts: Parts,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let caller = Caller::from(parts);
    record(&state, &caller);
    let Ok(upgrade) = upgrade else {
        return ApiError::invalid("Expected a WebSocket upgrade.").into_response();
    };
    let hub = Arc::clone(&state.realtime);
    let (entry, deeds) = hub.open(caller.path.clone(), caller.headers.clone());
    let plan = hub.player().plan(entry.number);
    match plan.refusal {
        Some(Refusal::Hang) => std::future::pending().await,
        Some(Refusal::Http(status)) => return http_refusal(status).into_response(),
        _ => {}
    }
    let upgrade = upgrade
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .protocols(["realtime"]);
    upgrade.on_upgrade(move |socket| async move {
        let refused = refusal(&state, &caller, &plan);
        let socket = Socket::new(socket, cut, Arc::clone(&entry), deeds);
        match refused {
            Some(refused) => socket.refuse(refused).await,
            None if plan.refusal == Some(Refusal::Silence) => socket.stay_silent().await,
            None => {
                let model = caller.model().unwrap_or_default().to_owned();
                socket.serve(Talk::new(hub, entry, &model, plan)).await;
            }
        }
    })
}

fn record(state: &State, caller: &Caller) {
    state.record(RecordedRequest {
        method: "GET".to_owned(),
        path: caller.path.clone(),
        headers: caller.headers.clone(),
        body: Bytes::new(),
    });
}

fn http_refusal(status: u16) -> ApiError {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    ApiError::new(status, "server_error", "The upgrade is refused.")
}

impl From<Parts> for Caller {
    fn from(parts: Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes());
        Self {
            path: parts.uri.to_string(),
            query: query.into_owned().collect(),
            headers: parts.headers,
        }
    }
}

impl Caller {
    fn model(&self) -> Option<&str> {
        let found = self.query.iter().find(|(name, _)| name == "model");
        found
            .map(|(_, model)| model.as_str())
            .filter(|model| !model.is_empty())
    }

    /// From the header, or from the subprotocol that browsers use.
    fn key(&self) -> Option<&str> {
        let header = self.headers.get(header::AUTHORIZATION);
        let header = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let protocols = self.headers.get(header::SEC_WEBSOCKET_PROTOCOL);
        let protocols = protocols
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut protocols = protocols.split(',').map(str::trim);
        let key = header.or_else(|| protocols.find_map(|name| name.strip_prefix(KEY_PROTOCOL)));
        key.map(str::trim).filter(|key| !key.is_empty())
    }
}

/// Why the caller is refused, after the upgrade as everyone is.
fn refusal(state: &State, caller: &Caller, plan: &Plan) -> Option<Refused> {
    let options = &state.options;
    let Some(key) = caller.key() else {
        return Some(Refused::invalid_key(
            "Missing bearer or basic authentication in header",
        ));
    };
    if options
        .keys
        .as_ref()
        .is_some_and(|keys| !keys.iter().any(|known| known == key))
    {
        return Some(Refused::invalid_key("Incorrect API key provided: sk-****."));
    }
    if caller.headers.contains_key("openai-beta") {
        return Some(Refused::new(
            "beta_api_shape_disabled",
            4000,
            "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.",
        ));
    }
    let Some(model) = caller.model() else {
        return Some(Refused::new(
            "missing_model",
            4000,
            "You must provide a model parameter.",
        ));
    };
    if options
        .models
        .as_ref()
        .is_some_and(|known| !known.iter().any(|name| name == model))
    {
        return Some(Refused::model_not_found(model));
    }
    scripted(plan.refusal?, model)
}

fn scripted(refusal: Refusal, model: &str) -> Option<Refused> {
    match refusal {
        Refusal::InvalidKey => Some(Refused::invalid_key("Incorrect API key provided: sk-****.")),
        Refusal::ModelNotFound => Some(Refused::model_not_found(model)),
        Refusal::Quota => {
            let message = "You exceeded your current quota, please check your plan.";
            let refused = Refused::new("insufficient_quota", 4000, message);
            Some(refused.typed("insufficient_quota"))
        }
        Refusal::RateLimit => {
            let message = "Rate limit reached. Please try again later.";
            let refused = Refused::new("rate_limit_exceeded", 4000, message);
            Some(refused.typed("rate_limit_error"))
        }
        Refusal::Http(_) | Refusal::Silence | Refusal::Hang => None,
    }
}
