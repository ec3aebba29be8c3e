//! Faults that are answered with an error.

use axum::http::StatusCode;
use serde_json::json;

use super::error::ApiError;
use crate::sim::script::Fault;

/// The error a fault is answered with; none where the fault strikes later.
pub(super) fn error(fault: &Fault, model: &str) -> Option<ApiError> {
    let error = match fault {
        Fault::RateLimit { retry_after_ms } => rate_limit(*retry_after_ms),
        Fault::Quota => exhausted("GenerateRequestsPerDayPerProjectPerModel"),
        Fault::ServerError | Fault::Failed { .. } | Fault::StreamError => ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL",
            "An internal error has occurred. Please retry.",
        ),
        Fault::Overloaded => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.",
        ),
        Fault::InvalidKey => wrong_key(),
        Fault::Forbidden => ApiError::new(
            StatusCode::FORBIDDEN,
            "PERMISSION_DENIED",
            "The caller does not have permission",
        ),
        Fault::ModelNotFound => no_model(model),
        Fault::ImageRefused { .. } => ApiError::invalid("Unable to process input image."),
        _ => return None,
    };
    Some(error)
}

pub(super) fn no_key() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity).",
    )
}

pub(super) fn wrong_key() -> ApiError {
    let reason = json!({"reason": "API_KEY_INVALID", "domain": "googleapis.com"});
    let message = "API key not valid. Please pass a valid API key.";
    ApiError::invalid(message).detail("ErrorInfo", reason)
}

pub(super) fn no_model(model: &str) -> ApiError {
    let message = format!(
        "models/{model} is not found for API version v1beta, or is not supported for \
         generateContent."
    );
    ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

fn rate_limit(retry_after_ms: Option<u64>) -> ApiError {
    let error = exhausted("GenerateRequestsPerMinutePerProjectPerModel");
    match retry_after_ms {
        None => error,
        Some(ms) => {
            let delay = format!("{}.{:03}s", ms / 1000, ms % 1000);
            error.detail("RetryInfo", json!({ "retryDelay": delay }))
        }
    }
}

fn exhausted(quota: &str) -> ApiError {
    let violation = json!({"quotaId": quota, "quotaMetric": "generate_content_requests"});
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    )
    .detail("QuotaFailure", json!({ "violations": [violation] }))
}
