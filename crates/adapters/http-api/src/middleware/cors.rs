//! Which web pages may call, and with what.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::state::CorsOrigins;

/// Headers of ours that pages send and read.
const SENT: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-session-id"),
    HeaderName::from_static("x-user-id"),
];
const READ: [HeaderName; 3] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("idempotency-replayed"),
    header::RETRY_AFTER,
];
const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PATCH, Method::DELETE];

/// The layer for these origins. One that is no header value matches no page.
pub(crate) fn cors(origins: &CorsOrigins) -> CorsLayer {
    let layer = CorsLayer::new()
        .allow_methods(METHODS)
        .allow_headers(SENT)
        .expose_headers(READ)
        .max_age(Duration::from_hours(1));
    match origins {
        CorsOrigins::Any => layer.allow_origin(AllowOrigin::any()),
        CorsOrigins::List(origins) => {
            let values = origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin).ok());
            layer
                .allow_origin(AllowOrigin::list(values))
                .allow_credentials(true)
        }
    }
}
