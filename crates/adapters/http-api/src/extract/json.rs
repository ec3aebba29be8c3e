//! JSON bodies.

use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::body::{Limited, read_limited};
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// A JSON object as `T`. Members `T` does not know are ignored.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let message = "the body must be application/json";
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
        }
        match read_limited(request.into_body(), state.limits.json_bytes).await? {
            Limited::Whole(bytes) => parse(&bytes).map(Self),
            Limited::Longer(_) => Err(ErrorCode::BodyTooLarge.into()),
        }
    }
}

/// Whether the body says it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let media_type = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// By way of an object, for a derived struct would also take an array of its fields.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let malformed = |error: serde_json::Error| {
        ApiError::new(
            ErrorCode::ValidationFailed,
            format!("the JSON body does not fit: {error}"),
        )
    };
    let object: Map<String, Value> = serde_json::from_slice(bytes).map_err(malformed)?;
    serde_json::from_value(Value::Object(object)).map_err(malformed)
}
