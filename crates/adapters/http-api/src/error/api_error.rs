//! An error on its way out.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::ErrorCode;

/// A failed request: a code of the catalogue, words for people, and the cause for the log.
/// As a response it is empty and carries itself as an extension; the envelope is written where
/// the request id is known.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) code: ErrorCode,
    pub(crate) message: Cow<'static, str>,
    pub(crate) details: Option<Value>,
    pub(crate) retry_after_sec: Option<u64>,
    pub(crate) cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.meaning())
    }
}

impl ApiError {
    /// This code with a message of its own.
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            details: None,
            retry_after_sec: None,
            cause: None,
        }
    }

    /// A header, parameter or field has a value it must not have.
    pub(crate) fn invalid(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        let message = format!("{field} {}", problem.into());
        Self::new(ErrorCode::ValidationFailed, message).with_details(json!({ "field": field }))
    }

    pub(crate) fn with_details(self, details: Value) -> Self {
        Self {
            details: Some(details),
            ..self
        }
    }

    pub(crate) fn with_retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after_sec: Some(seconds),
            ..self
        }
    }

    pub(crate) fn caused_by(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            cause: Some(Arc::new(cause)),
            ..self
        }
    }

    /// The JSON clients get.
    pub(crate) fn envelope(&self, request_id: &str) -> ErrorAnswer {
        ErrorAnswer {
            success: false,
            error: ErrorBody {
                code: self.code.as_str(),
                message: self.message.clone().into_owned(),
                details: self.details.clone(),
                request_id: request_id.to_owned(),
                trace_id: trace_context::current().map(|trace| trace.trace_id()),
            },
        }
    }
}

impl ApiError {
    /// The JSON that clients of the segments' route get.
    pub(crate) fn plain(&self) -> PlainError {
        // These words are the contract's own, and so is that nothing stands beside them.
        let is_told = self.code == ErrorCode::SegmentEmpty;
        PlainError {
            error: self.message.clone().into_owned(),
            code: (!is_told).then(|| self.code.as_str()),
        }
    }
}

/// A failure as words, and the code that goes with them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlainError {
    /// Words for people; they may change, but for those of `SEGMENT_EMPTY`.
    error: String,
    /// A code of the catalogue; branch on this. Missing for `SEGMENT_EMPTY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    code: Option<&'static str>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The envelope of every failure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorAnswer {
    #[schema(schema_with = super::document::always_false)]
    success: bool,
    error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    /// A code of the catalogue; branch on this.
    #[schema(schema_with = super::document::any_code)]
    code: &'static str,
    /// Words for people; they may change.
    message: String,
    /// More, for some codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    details: Option<Value>,
    /// Finds this request in the log; also in the header `X-Request-Id`.
    request_id: String,
    /// Finds this request in the traces, where the server exports them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trace_id: Option<String>,
}
