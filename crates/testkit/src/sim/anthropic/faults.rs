//! Faults that are answered with an error.

use super::error::ApiError;
use super::request::Request;
use crate::sim::script::Fault;

/// The error a fault is answered with; none where the fault strikes later.
pub(super) fn error(fault: &Fault, request: &Request) -> Option<ApiError> {
    let error = match fault {
        Fault::RateLimit { retry_after_ms } => rate_limit(*retry_after_ms),
        Fault::Quota => ApiError::new(
            429,
            "rate_limit_error",
            "Your organization has crossed the monthly API usage threshold of its tier.",
        )
        .code("enforced_spend_limit_reached"),
        Fault::ServerError | Fault::Failed { .. } => server_error(),
        Fault::StreamError if !request.streams() => server_error(),
        Fault::Overloaded => ApiError::new(529, "overloaded_error", "Overloaded"),
        Fault::InvalidKey => ApiError::new(401, "authentication_error", "invalid x-api-key"),
        Fault::Forbidden => ApiError::new(
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource.",
        ),
        Fault::ModelNotFound => no_model(request.model()),
        Fault::ImageRefused { .. } => {
            ApiError::invalid("messages.0.content.0.image.source.base64: Could not process image")
        }
        _ => return None,
    };
    Some(error)
}

/// 404 as the provider words it.
pub(super) fn no_model(model: &str) -> ApiError {
    ApiError::new(404, "not_found_error", format!("model: {model}"))
}

fn server_error() -> ApiError {
    ApiError::new(500, "api_error", "Internal server error")
}

fn rate_limit(retry_after_ms: Option<u64>) -> ApiError {
    let message = "This request would exceed your organization's rate limit.";
    let error = ApiError::new(429, "rate_limit_error", message);
    match retry_after_ms {
        None => error,
        Some(ms) => error
            .header("retry-after-ms", ms)
            .header("retry-after", ms.div_ceil(1000)),
    }
}
