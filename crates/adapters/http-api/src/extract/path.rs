//! Ids in paths. What is no id is answered as an id that nobody has.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use kernel::{BookmarkId, FamilyId, JobId, SessionId, UserId, VoiceSessionId};
use uuid::Uuid;

use super::text::parse_id;
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// The session a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathSession(pub(crate) SessionId);

/// The bookmark a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathBookmark(pub(crate) BookmarkId);

/// The device a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathDevice(pub(crate) FamilyId);

/// The conversation a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathVoice(pub(crate) VoiceSessionId);

/// The job a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathJob(pub(crate) JobId);

/// The user a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathUser(pub(crate) UserId);

impl FromRequestParts<Shared> for PathSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        let id: SessionId = id.ok_or(ErrorCode::SessionNotFound)?;
        tracing::Span::current().record("session_id", tracing::field::display(id));
        Ok(Self(id))
    }
}

impl FromRequestParts<Shared> for PathBookmark {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        Ok(Self(id.ok_or(ErrorCode::BookmarkNotFound)?))
    }
}

impl FromRequestParts<Shared> for PathDevice {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        Ok(Self(id.ok_or(ErrorCode::DeviceNotFound)?))
    }
}

impl FromRequestParts<Shared> for PathJob {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        Ok(Self(id.ok_or(ErrorCode::JobNotFound)?))
    }
}

impl FromRequestParts<Shared> for PathUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        Ok(Self(id.ok_or(ErrorCode::UserNotFound)?))
    }
}

impl FromRequestParts<Shared> for PathVoice {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let id = id_in_path(parts, state).await;
        Ok(Self(id.ok_or(ErrorCode::VoiceSessionNotFound)?))
    }
}

async fn id_in_path<Id: From<Uuid>>(parts: &mut Parts, state: &Shared) -> Option<Id> {
    let path = Path::<String>::from_request_parts(parts, state).await;
    path.ok().and_then(|Path(text)| parse_id(&text))
}
