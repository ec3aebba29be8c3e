//! Faults that strike before the model says a word.

use axum::http::StatusCode;

use super::request::Request;
use crate::sim::error::ApiError;
use crate::sim::models;
use crate::sim::script::Fault;

/// The error a fault is answered with; none where the fault strikes later.
pub(super) fn error(fault: &Fault, request: &Request) -> Option<ApiError> {
    let error = match fault {
        Fault::RateLimit { retry_after_ms } => rate_limit(*retry_after_ms),
        Fault::Quota => quota(),
        Fault::ServerError => server_error(),
        Fault::StreamError if !request.streams() => server_error(),
        Fault::Overloaded => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "service_unavailable_error",
            "Our servers are currently overloaded. Please try again later.",
        )
        .code("server_is_overloaded"),
        Fault::InvalidKey => ApiError::new(
            StatusCode::UNAUTHORIZED,
            "invalid_request_error",
            "Incorrect API key provided: sk-****.",
        )
        .code("invalid_api_key"),
        Fault::Forbidden => ApiError::new(
            StatusCode::FORBIDDEN,
            "invalid_request_error",
            "Your project does not have access to this model.",
        )
        .code("model_not_allowed"),
        Fault::ModelNotFound => models::not_found(request.model()),
        Fault::ImageRefused { code } => {
            ApiError::invalid("The image data you provided does not represent a valid image.")
                .param("input[0].content[1].image_url")
                .code(code)
        }
        _ => return None,
    };
    Some(error)
}

fn server_error() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "server_error",
        "The server had an error while processing your request. Sorry about that!",
    )
}

fn rate_limit(retry_after_ms: Option<u64>) -> ApiError {
    let error = ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "requests",
        "Rate limit reached on requests per min (RPM). Please try again later.",
    )
    .code("rate_limit_exceeded");
    match retry_after_ms {
        None => error,
        Some(ms) => error
            .header("retry-after-ms", ms)
            .header("retry-after", ms.div_ceil(1000)),
    }
}

fn quota() -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    )
    .code("insufficient_quota")
}
