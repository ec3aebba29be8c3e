//! Where jobs stand.

use jobs::{JobState, Reason};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use vision::AnalyzeFailure;

use crate::error::ErrorCode;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobStateView {
    /// For its first attempt, or for another one.
    Waiting,
    Running,
    Done,
    /// For good.
    Failed,
}

impl JobStateView {
    pub(crate) const fn of(state: &JobState) -> Self {
        match state {
            JobState::Waiting { .. } => Self::Waiting,
            JobState::Running => Self::Running,
            JobState::Done { .. } => Self::Done,
            JobState::Failed { .. } => Self::Failed,
        }
    }
}

/// Why a job, or an attempt at it, failed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobErrorView {
    /// The code that the synchronous call would have answered.
    #[schema(schema_with = crate::error::any_code)]
    code: &'static str,
    /// Words for people; they may change.
    message: &'static str,
    /// More, for some codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    details: Option<Value>,
}

impl From<Reason> for JobErrorView {
    fn from(reason: Reason) -> Self {
        let Reason {
            code,
            message: _,
            details,
        } = reason;
        let code = code_of(&code);
        Self {
            code: code.as_str(),
            message: code.meaning(),
            details,
        }
    }
}

/// The code for a stored word of why a job failed.
fn code_of(word: &str) -> ErrorCode {
    match AnalyzeFailure::parse(word) {
        Some(failure) => failure.into(),
        // Of the worker, not of what was to be done: it died, hung or panicked.
        None => ErrorCode::Internal,
    }
}

impl From<AnalyzeFailure> for ErrorCode {
    fn from(failure: AnalyzeFailure) -> Self {
        match failure {
            AnalyzeFailure::SessionNotFound => Self::SessionNotFound,
            AnalyzeFailure::SessionInactive => Self::SessionInactive,
            AnalyzeFailure::TooLarge => Self::FileTooLarge,
            AnalyzeFailure::NotAnImage => Self::NotAnImage,
            AnalyzeFailure::ObjectNotFound => Self::ObjectNotFound,
            AnalyzeFailure::UploadMismatch => Self::UploadMismatch,
            AnalyzeFailure::OverBudget => Self::BudgetExceeded,
            AnalyzeFailure::BadOutput => Self::VisionBadOutput,
            AnalyzeFailure::ModelUnavailable => Self::VisionUnavailable,
            AnalyzeFailure::ModelTimeout => Self::VisionTimeout,
            AnalyzeFailure::ModelRateLimited => Self::VisionRateLimited,
            AnalyzeFailure::Storage => Self::StorageUnavailable,
            AnalyzeFailure::Database => Self::DatabaseUnavailable,
            AnalyzeFailure::Gone => Self::Unauthorized,
            AnalyzeFailure::Internal => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Fault, PortError};
    use objects::ObjectKey;
    use sessions::SessionError;
    use vision::{AnalyzeError, ImageFault, ModelError};

    use super::*;
    use crate::error::ApiError;

    fn port(fault: Fault) -> PortError {
        PortError::bare(fault, "test")
    }

    fn model(error: ModelError) -> AnalyzeError {
        let key = "uploads/0197a1b2-0000-7000-8000-000000000001/2026/03/01/0197a1b2-0000-7000-8000-000000000002.jpg";
        let object: ObjectKey = key.parse().unwrap();
        AnalyzeError::Model { error, object }
    }

    #[test]
    fn a_job_fails_with_the_code_that_the_synchronous_call_answers() {
        let limited = ModelError::RateLimited { retry_after: None };
        for error in [
            AnalyzeError::Session(SessionError::NotFound),
            AnalyzeError::Session(SessionError::Inactive),
            AnalyzeError::Session(SessionError::Port(port(Fault::Unavailable))),
            AnalyzeError::Session(SessionError::Port(port(Fault::Corrupt))),
            AnalyzeError::Session(SessionError::Port(port(Fault::Gone))),
            AnalyzeError::TooLarge { limit: 1 },
            AnalyzeError::Image(ImageFault::NotAnImage),
            AnalyzeError::Image(ImageFault::Port(port(Fault::Unavailable))),
            AnalyzeError::ObjectNotFound,
            AnalyzeError::Mismatch("size"),
            model(ModelError::Timeout),
            model(limited),
            AnalyzeError::Storage(port(Fault::Gone)),
            AnalyzeError::Storage(port(Fault::Full)),
        ] {
            let stored = AnalyzeFailure::of(&error).as_str();
            let name = format!("{error:?}");
            assert_eq!(code_of(stored), ApiError::from(error).code, "{name}");
        }
    }

    #[test]
    fn a_worker_that_dies_is_a_fault_of_the_server() {
        assert_eq!(code_of(Reason::WORKER_LOST), ErrorCode::Internal);
    }
}
