//! Which web pages may call, and with what (the Fetch standard, section "HTTP-CORS protocol").

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::state::{CorsOrigins, Shared};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Headers that pages may send.
const SENT: &str = "authorization, content-type, idempotency-key, if-none-match, range, x-amz-checksum-sha256, x-device-name, x-request-id, x-session-id, x-user-id";
/// Headers that pages may read.
const READ: &str = "accept-ranges, content-range, x-request-id, idempotency-replayed, retry-after, ratelimit, ratelimit-policy";
const MAX_AGE_SEC: &str = "3600";

/// Answers preflights, and tells browsers who may read the other answers. An `OPTIONS` request
/// that is no preflight goes on to the routes.
pub(crate) async fn cors(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let is_preflight = *request.method() == Method::OPTIONS
        && origin.is_some()
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        preflight()
    } else {
        next.run(request).await
    };
    allow(&state.cors, origin.as_ref(), response.headers_mut());
    response
}

fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE_SEC),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allow(origins: &CorsOrigins, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    match origins {
        CorsOrigins::Any => set(
            headers,
            ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        ),
        CorsOrigins::List(listed) => {
            headers.append(VARY, HeaderValue::from_static("origin"));
            let is_listed = |origin: &&HeaderValue| {
                listed.iter().any(|one| one.as_bytes() == origin.as_bytes())
            };
            let Some(origin) = origin.filter(is_listed) else {
                return;
            };
            set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            set(
                headers,
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
    }
    set(
        headers,
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(READ),
    );
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}
