//! What every request passes: it is recorded, its key is checked, its answer gets the provider's
//! headers.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use super::record::RecordedRequest;
use super::state::State;
use super::{anthropic, gemini, models, realtime, responses};

/// Bytes of a request that are taken.
const MAX_BODY: usize = 64 * 1024 * 1024;
const REQUESTS_PER_MINUTE: u64 = 10_000;
const TOKENS_PER_MINUTE: u64 = 10_000_000;

/// Whose protocol a path belongs to.
#[derive(Clone, Copy)]
enum House {
    OpenAi,
    Anthropic,
    Gemini,
}

impl House {
    /// By the path, and elsewhere by the header a key comes in.
    fn of(path: &str, headers: &HeaderMap) -> Self {
        let has = |name| headers.contains_key(name);
        match path {
            path if path.starts_with("/v1/messages") => Self::Anthropic,
            path if path.starts_with("/v1beta/") => Self::Gemini,
            _ if has("x-api-key") => Self::Anthropic,
            _ if has("x-goog-api-key") => Self::Gemini,
            _ => Self::OpenAi,
        }
    }

    #[expect(clippy::result_large_err, reason = "the refusal is the answer")]
    fn check_key(self, headers: &HeaderMap, keys: Option<&[String]>) -> Result<(), Response> {
        match self {
            Self::OpenAi => check_key(headers, keys).map_err(IntoResponse::into_response),
            Self::Anthropic => anthropic::check_key(headers, keys),
            Self::Gemini => gemini::check_key(headers, keys),
        }
    }

    fn too_large(self) -> Response {
        match self {
            Self::OpenAi => too_large().into_response(),
            Self::Anthropic => anthropic::too_large(),
            Self::Gemini => gemini::too_large(),
        }
    }

    fn dress(self, headers: &mut HeaderMap, serial: u64, took_ms: u128) {
        match self {
            Self::OpenAi => dress(headers, serial, took_ms),
            Self::Anthropic => anthropic::dress(headers, serial),
            Self::Gemini => gemini::dress(headers, took_ms),
        }
    }
}

/// All routes.
pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .merge(models::routes())
        .merge(responses::routes())
        .merge(anthropic::routes())
        .merge(gemini::routes())
        .fallback(no_such_url)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(Arc::clone(&state), pass))
        // Its key is checked after the upgrade, and it has no body.
        .merge(realtime::routes())
        .with_state(state)
}

async fn pass(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let what = format!("{} {}", parts.method, parts.uri);
    let house = House::of(parts.uri.path(), &parts.headers);
    let mut response = match to_bytes(body, MAX_BODY).await {
        Err(_) => house.too_large(),
        Ok(body) => {
            state.record(RecordedRequest {
                method: parts.method.to_string(),
                path: parts.uri.to_string(),
                headers: parts.headers.clone(),
                body: body.clone(),
            });
            match house.check_key(&parts.headers, state.options.keys.as_deref()) {
                Err(refusal) => refusal,
                Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
            }
        }
    };
    let took = begun.elapsed().as_millis();
    if state.options.print {
        // Nobody may be listening; the answer matters more.
        let _ = writeln!(
            std::io::stdout(),
            "{what} -> {} in {took} ms",
            response.status().as_u16()
        );
    }
    house.dress(response.headers_mut(), state.serial(), took);
    response
}

fn too_large() -> ApiError {
    let message = "Request body is larger than this server takes.";
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "invalid_request_error",
        message,
    )
}

fn check_key(headers: &HeaderMap, keys: Option<&[String]>) -> Result<(), ApiError> {
    let unauthorized =
        |message| ApiError::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message);
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .ok_or_else(|| unauthorized("Missing bearer authentication in header".to_owned()))?;
    if keys.is_some_and(|keys| !keys.iter().any(|known| known == key)) {
        let begin: String = key.chars().take(3).collect();
        let message = format!("Incorrect API key provided: {begin}****.");
        return Err(unauthorized(message).code("invalid_api_key"));
    }
    Ok(())
}

fn dress(headers: &mut HeaderMap, serial: u64, took_ms: u128) {
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("x-request-id", format!("req_{serial:032x}"));
    put("openai-version", "2020-10-01".to_owned());
    put("openai-organization", "simulated".to_owned());
    put("openai-processing-ms", took_ms.to_string());
    for (kind, limit, used, reset) in [
        ("requests", REQUESTS_PER_MINUTE, 1, "6ms"),
        ("tokens", TOKENS_PER_MINUTE, 1_000, "6ms"),
    ] {
        let (limit_name, remaining_name, reset_name) = rate_headers(kind);
        put(limit_name, limit.to_string());
        put(remaining_name, (limit - used).to_string());
        put(reset_name, reset.to_owned());
    }
}

fn rate_headers(kind: &str) -> (&'static str, &'static str, &'static str) {
    if kind == "requests" {
        (
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-reset-requests",
        )
    } else {
        (
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-tokens",
        )
    }
}

async fn no_such_url(method: Method, uri: Uri) -> ApiError {
    let message = format!("Invalid URL ({method} {})", uri.path());
    ApiError::new(StatusCode::NOT_FOUND, "invalid_request_error", message)
}

async fn not_allowed(method: Method, uri: Uri) -> ApiError {
    let message = format!("Not allowed to {method} on {}.", uri.path());
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "invalid_request_error",
        message,
    )
    .code("method_not_supported")
}
