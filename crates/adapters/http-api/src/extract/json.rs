//! JSON bodies.

use axum::extract::{FromRequest, OptionalFromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::body::{Limited, read_limited};
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// A JSON object as `T`. Members `T` does not know are ignored. As an `Option`, the body may be
/// empty or null.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        parse(&read(request, state).await?).map(Self)
    }
}

impl<T: DeserializeOwned> OptionalFromRequest<Shared> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Option<Self>, ApiError> {
        let media_type = require_json(request.headers());
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        media_type?;
        if bytes.trim_ascii() == b"null" {
            return Ok(None);
        }
        parse(&bytes).map(|body| Some(Self(body)))
    }
}

/// A member that may be missing, but not null.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    member: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(member).map(Some)
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

fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let message = "the body must be application/json";
    let refused = || ApiError::new(ErrorCode::UnsupportedMediaType, message);
    is_json(headers).then_some(()).ok_or_else(refused)
}

async fn read(request: Request, state: &Shared) -> Result<Bytes, ApiError> {
    match read_limited(request.into_body(), state.limits.json_bytes).await? {
        Limited::Whole(bytes) => Ok(bytes),
        Limited::Longer(_) => Err(ErrorCode::BodyTooLarge.into()),
    }
}

/// By way of an object, for a derived struct would also take an array of its fields. What stands
/// in the body may be secret and is not repeated.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let malformed = |error: serde_json::Error| {
        ApiError::new(
            ErrorCode::ValidationFailed,
            format!("the JSON body does not fit: {error}"),
        )
    };
    match serde_json::from_slice(bytes).map_err(malformed)? {
        object @ Value::Object(_) => serde_json::from_value(object).map_err(malformed),
        _ => Err(ApiError::new(
            ErrorCode::ValidationFailed,
            "the JSON body must be an object",
        )),
    }
}
