//! Each use case's outcomes as codes: one exhaustive match per error type.

use std::time::Duration;

use kernel::{Fault, PortError};
use serde_json::json;
use sessions::{BookmarkError, HelpError, ProfileError, SessionError};
use spending::OverBudget;
use topics::TopicsError;
use vision::{AnalyzeError, ImageFault, ModelError};
use voice::VoiceReadError;

use super::{ApiError, ErrorCode};
use crate::endpoints::mismatch;

/// Where the provider does not say when its quota is renewed.
const RETRY_AFTER_QUOTA: Duration = Duration::from_mins(1);
/// What waits is written within seconds once the other side is back.
const RETRY_AFTER_BACKLOG: Duration = Duration::from_secs(30);

/// The stored ports behind the facades are one database.
impl From<PortError> for ApiError {
    fn from(error: PortError) -> Self {
        let code = match error.fault() {
            Fault::Unavailable | Fault::Full | Fault::Refused => ErrorCode::DatabaseUnavailable,
            Fault::Conflict | Fault::Dangling | Fault::Corrupt => ErrorCode::Internal,
            Fault::Gone => ErrorCode::Unauthorized,
        };
        Self::from(code).caused_by(error)
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => ErrorCode::SessionNotFound.into(),
            SessionError::Inactive => ErrorCode::SessionInactive.into(),
            SessionError::Port(error) => error.into(),
        }
    }
}

impl From<HelpError> for ApiError {
    fn from(error: HelpError) -> Self {
        match error {
            HelpError::SessionNotFound => ErrorCode::SessionNotFound.into(),
            HelpError::Port(error) => error.into(),
        }
    }
}

impl From<BookmarkError> for ApiError {
    fn from(error: BookmarkError) -> Self {
        match error {
            BookmarkError::EventNotFound => ErrorCode::AnalysisNotFound.into(),
            BookmarkError::NotFound => ErrorCode::BookmarkNotFound.into(),
            BookmarkError::Port(error) => error.into(),
        }
    }
}

impl From<ProfileError> for ApiError {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::InvalidName => Self::invalid("name", "is too long or holds a NUL"),
            ProfileError::Port(error) => error.into(),
        }
    }
}

impl From<VoiceReadError> for ApiError {
    fn from(error: VoiceReadError) -> Self {
        match error {
            VoiceReadError::NotFound => ErrorCode::VoiceSessionNotFound.into(),
            VoiceReadError::Port(error) => error.into(),
        }
    }
}

impl From<TopicsError> for ApiError {
    fn from(error: TopicsError) -> Self {
        match error {
            TopicsError::SessionNotFound => ErrorCode::SessionNotFound.into(),
            TopicsError::DateOutOfRange => Self::invalid("weekOf", "lies outside the calendar"),
            TopicsError::Port(error) => error.into(),
        }
    }
}

impl From<AnalyzeError> for ApiError {
    fn from(error: AnalyzeError) -> Self {
        match error {
            AnalyzeError::Session(error) => error.into(),
            AnalyzeError::TooLarge { .. } => ErrorCode::FileTooLarge.into(),
            AnalyzeError::Image(fault) => fault.into(),
            AnalyzeError::ObjectNotFound => ErrorCode::ObjectNotFound.into(),
            AnalyzeError::Mismatch(field) => mismatch(field),
            AnalyzeError::Budget(over) => over.into(),
            AnalyzeError::Model { error, object } => {
                Self::from(error).with_details(json!({ "s3Key": object.as_str() }))
            }
            AnalyzeError::Storage(error) if error.fault() == Fault::Gone => error.into(),
            AnalyzeError::Storage(error) => {
                let failed = Self::from(ErrorCode::StorageUnavailable);
                let is_full = error.fault() == Fault::Full;
                let failed = if is_full { no_more_may_wait() } else { failed };
                failed.caused_by(error)
            }
        }
    }
}

impl From<OverBudget> for ApiError {
    fn from(over: OverBudget) -> Self {
        let OverBudget {
            cap_micros,
            until,
            wait,
        } = over;
        let wait = whole_seconds(wait.to_std().unwrap_or_default());
        Self::from(ErrorCode::BudgetExceeded)
            .with_details(json!({ "capMicros": cap_micros, "until": until }))
            .with_retry_after(wait)
    }
}

impl From<ImageFault> for ApiError {
    fn from(fault: ImageFault) -> Self {
        match fault {
            ImageFault::Empty
            | ImageFault::NotAnImage
            | ImageFault::Unsupported(_)
            | ImageFault::Damaged
            | ImageFault::TooManyPixels { .. } => {
                Self::new(ErrorCode::NotAnImage, fault.to_string())
            }
            ImageFault::Port(error) => Self::from(ErrorCode::Internal).caused_by(error),
        }
    }
}

impl From<ModelError> for ApiError {
    fn from(error: ModelError) -> Self {
        let (code, wait) = match &error {
            ModelError::BadOutput(_) => (ErrorCode::VisionBadOutput, None),
            ModelError::Unavailable(_) => (ErrorCode::VisionUnavailable, None),
            ModelError::Timeout => (ErrorCode::VisionTimeout, None),
            ModelError::RateLimited { retry_after } => (
                ErrorCode::VisionRateLimited,
                Some(retry_after.unwrap_or(RETRY_AFTER_QUOTA)),
            ),
        };
        let failed = Self::from(code).caused_by(error);
        match wait {
            Some(wait) => failed.with_retry_after(whole_seconds(wait)),
            None => failed,
        }
    }
}

/// Nothing is taken on that could not be kept.
fn no_more_may_wait() -> ApiError {
    let told = "as much as may be, or as long as may be, waits for the database or the object store; \
                nothing more is taken until it is written";
    ApiError::new(ErrorCode::StorageUnavailable, told)
        .with_retry_after(whole_seconds(RETRY_AFTER_BACKLOG))
}

/// Rounded up, and never "at once".
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    let rounded = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    rounded.max(1)
}
