//! Who asks.

use auth::AdminPermit;
use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::UserId;

use super::origin::Source;
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// The user on whose behalf the request is made. Put there by the identity layer; a route
/// outside that layer refuses everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller(pub(crate) UserId);

/// A caller with an access token, which open mode does not ask of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member(pub(crate) auth::Caller);

/// A member who is admin.
#[derive(Debug, Clone)]
pub(crate) struct Permit(pub(crate) AdminPermit);

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().copied();
        caller.ok_or_else(|| ErrorCode::Unauthorized.into())
    }
}

impl FromRequestParts<Shared> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let member = parts.extensions.get::<Self>().cloned();
        member.ok_or_else(|| ErrorCode::Unauthorized.into())
    }
}

impl FromRequestParts<Shared> for Permit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let Member(caller) = Member::from_request_parts(parts, state).await?;
        let permit = AdminPermit::of(&caller, Source::of(parts).origin());
        permit.map(Self).ok_or_else(|| ErrorCode::Forbidden.into())
    }
}
