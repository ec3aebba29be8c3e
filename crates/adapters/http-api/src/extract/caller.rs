//! Who asks.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::UserId;

use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// The user on whose behalf the request is made. Put there by the identity layer; a route
/// outside that layer refuses everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller(pub(crate) UserId);

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().copied();
        caller.ok_or_else(|| ErrorCode::Unauthorized.into())
    }
}
