//! What an error answer means.

use std::time::SystemTime;

use provider_http::{About, Again, Answer, Failure, Refusal, again, retry_after, should_retry};
use reqwest::StatusCode;
use serde_json::Value;

/// The account is out of money or over its limit: waiting does not help.
const QUOTA: [&str; 6] = [
    "insufficient_quota",
    "billing_hard_limit_reached",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];

/// The provider's error object, as far as it can be read.
#[derive(Debug, Default)]
pub(crate) struct ProviderError {
    message: String,
    kind: String,
    code: String,
    param: String,
}

impl ProviderError {
    /// From an error body, in whatever shape a server writes it.
    pub(crate) fn from_body(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match body.get("error") {
            Some(Value::String(message)) => Self {
                message: message.clone(),
                ..Self::default()
            },
            Some(error) => Self::from_object(error),
            None => Self::from_object(&body),
        }
    }

    /// From the `error` object of an answer.
    pub(crate) fn from_object(error: &Value) -> Self {
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        Self {
            message: text("message"),
            kind: text("type"),
            code: text("code"),
            param: text("param"),
        }
    }

    fn is_quota(&self) -> bool {
        QUOTA.contains(&self.code.as_str()) || QUOTA.contains(&self.kind.as_str())
    }

    pub(crate) fn is_rate_limit(&self) -> bool {
        self.is_quota() || self.code == "rate_limit_exceeded"
    }

    /// Whether the image is at fault.
    pub(crate) fn is_about_the_image(&self) -> bool {
        self.code.contains("image") || self.param.contains("image")
    }

    /// Whether the image's link may be at fault.
    fn is_about_a_link(&self) -> bool {
        self.is_about_the_image() || self.param.ends_with("url")
    }

    /// The most telling name of the error.
    pub(crate) fn name(&self) -> &str {
        [&self.code, &self.kind]
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("no error code", String::as_str)
    }

    /// The message behind the parameter it is about.
    fn message(&self) -> String {
        match self.param.as_str() {
            "" => self.message.clone(),
            param => format!("{param}: {}", self.message),
        }
    }

    fn about(&self, status: u16) -> About {
        match status {
            400 | 413 | 415 if self.is_about_the_image() => About::Image,
            404 if self.code == "model_not_found" => About::Model,
            _ => About::Status,
        }
    }
}

/// What an answer with an error status means.
pub(crate) fn of(answer: &Answer, model: &str) -> Failure {
    let error = ProviderError::from_body(&answer.body);
    let (status, headers) = (answer.status, &answer.headers);
    let wait = retry_after(headers, SystemTime::now());
    let refusal = Refusal {
        status: status.as_u16(),
        name: error.name(),
        message: &error.message(),
        model,
        api: "Responses API",
        about: error.about(status.as_u16()),
        retry_after: wait,
    };
    let again = match should_retry(headers) {
        _ if status == StatusCode::BAD_REQUEST && error.is_about_a_link() => Again::Inline,
        _ if error.is_quota() => Again::Never,
        Some(false) => Again::Never,
        Some(true) => wait.map_or(Again::Backoff, Again::After),
        None => again(status, wait),
    };
    Failure {
        error: refusal.error(),
        again,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderValue};
    use serde_json::json;
    use vision::ModelError;

    use super::*;

    fn read(status: u16, error: &Value, headers: &[(&'static str, &'static str)]) -> Failure {
        let headers = headers
            .iter()
            .map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_static(v)));
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect::<HeaderMap>(),
            body: json!({ "error": error }).to_string().into(),
        };
        of(&answer, "m-1")
    }

    #[track_caller]
    fn check(failure: &Failure, text: &str, again: Again) {
        assert_eq!(
            (failure.error.to_string().as_str(), failure.again),
            (text, again)
        );
    }

    #[test]
    fn a_used_up_quota_is_not_tried_again_whatever_the_headers_say() {
        for name in QUOTA {
            for error in [json!({ "type": name }), json!({ "code": name })] {
                let failure = read(
                    429,
                    &error,
                    &[("x-should-retry", "true"), ("retry-after", "1")],
                );
                assert_eq!(failure.again, Again::Never);
            }
        }
    }

    #[test]
    fn the_providers_own_word_wins_over_the_status() {
        let word = |status, word| read(status, &json!({}), &[("x-should-retry", word)]).again;
        assert_eq!(word(500, "false"), Again::Never);
        assert_eq!(word(400, "true"), Again::Backoff);
    }

    #[test]
    fn a_rate_limit_carries_its_wait() {
        let failure = read(429, &json!({}), &[("retry-after", "7")]);
        let wait = Duration::from_secs(7);
        assert!(
            matches!(failure.error, ModelError::RateLimited { retry_after: Some(w) } if w == wait)
        );
        assert_eq!(failure.again, Again::After(wait));
    }

    #[test]
    fn a_refused_key_is_named_without_repeating_it() {
        let error =
            json!({"message": "Incorrect API key provided: sk-abc", "code": "invalid_api_key"});
        check(
            &read(401, &error, &[]),
            "the model is unavailable: the provider refused the API key (invalid_api_key)",
            Again::Never,
        );
    }

    #[test]
    fn a_missing_model_is_named() {
        check(
            &read(404, &json!({"code": "model_not_found"}), &[]),
            "the model is unavailable: the provider has no model `m-1`, or the key may not use it",
            Again::Never,
        );
    }

    #[test]
    fn a_link_that_cannot_be_opened_asks_for_the_bytes() {
        let error = json!({"code": "failed_to_download_image"});
        check(
            &read(400, &error, &[]),
            "the model's answer cannot be used: the provider refused the image \
             (failed_to_download_image)",
            Again::Inline,
        );
    }

    #[test]
    fn any_shape_of_error_body_is_read() {
        let read = |body: &str| {
            let error = ProviderError::from_body(body.as_bytes());
            (error.name().to_owned(), error.message())
        };
        let told = |name: &str, message: &str| (name.to_owned(), message.to_owned());
        assert_eq!(read(r#"{"error":"busy"}"#), told("no error code", "busy"));
        assert_eq!(read(r#"{"message":"busy","code":"b"}"#), told("b", "busy"));
        assert_eq!(read("<html>"), told("no error code", ""));
        assert_eq!(read(r#"{"error":{"code":404}}"#), told("no error code", ""));
        let about = r#"{"error":{"code":"b","param":"p","message":"m"}}"#;
        assert_eq!(read(about), told("b", "p: m"));
    }
}
