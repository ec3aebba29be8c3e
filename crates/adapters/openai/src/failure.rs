//! What an error answer means.

use std::time::{Duration, SystemTime};

use provider_http::{Again, Failure, again, excerpt, retry_after, should_retry};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use vision::ModelError;

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

    /// Name, parameter and the message's beginning, on one line, without image bytes.
    fn described(&self) -> String {
        let message = excerpt(&self.message);
        let mut text = self.name().to_owned();
        if !self.param.is_empty() {
            text = format!("{text}, {}", self.param);
        }
        if !message.is_empty() {
            text = format!("{text}: {message}");
        }
        text
    }
}

/// What an answer with an error status means.
pub(crate) fn from_status(
    status: StatusCode,
    headers: &HeaderMap,
    error: &ProviderError,
    model: &str,
) -> Failure {
    let wait = retry_after(headers, SystemTime::now());
    let mut failure = Failure {
        error: meaning(status, error, model, wait),
        again: again(status, wait),
    };
    if status == StatusCode::BAD_REQUEST && error.is_about_a_link() {
        failure.again = Again::Inline;
    } else if error.is_quota() || should_retry(headers) == Some(false) {
        failure.again = Again::Never;
    } else if should_retry(headers) == Some(true) {
        failure.again = wait.map_or(Again::Backoff, Again::After);
    }
    failure
}

fn meaning(
    status: StatusCode,
    error: &ProviderError,
    model: &str,
    retry_after: Option<Duration>,
) -> ModelError {
    let name = error.name();
    let unavailable = match status.as_u16() {
        429 => return ModelError::RateLimited { retry_after },
        400 | 413 | 415 if error.is_about_the_image() => {
            return ModelError::BadOutput(format!("the provider refused the image ({name})"));
        }
        // The provider's message repeats part of the key.
        401 => format!("the provider refused the API key ({name})"),
        403 => format!("the provider denies access to model `{model}` ({name})"),
        404 if error.code == "model_not_found" => {
            format!("the provider has no model `{model}`, or the key may not use it")
        }
        404 => format!("there is no Responses API at the base URL ({name})"),
        300..400 => format!("the base URL redirects ({status})"),
        400..500 => format!("the provider refused the request ({})", error.described()),
        _ => format!("the provider failed ({} {name})", status.as_u16()),
    };
    ModelError::Unavailable(unavailable)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::*;

    fn read(status: u16, error: &Value, headers: &[(&'static str, &'static str)]) -> Failure {
        let headers = headers
            .iter()
            .map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_static(v)))
            .collect();
        let body = json!({ "error": error }).to_string();
        let error = ProviderError::from_body(body.as_bytes());
        from_status(
            StatusCode::from_u16(status).unwrap(),
            &headers,
            &error,
            "m-1",
        )
    }

    #[track_caller]
    fn check(failure: &Failure, text: &str, again: Again) {
        assert_eq!(
            (failure.error.to_string().as_str(), failure.again),
            (text, again)
        );
    }

    #[test]
    fn transient_statuses_are_tried_again() {
        for status in [408, 409, 429, 500, 502, 503, 504, 529] {
            assert_eq!(read(status, &json!({}), &[]).again, Again::Backoff);
        }
        for status in [400, 401, 403, 404, 413, 422] {
            assert_eq!(read(status, &json!({}), &[]).again, Again::Never);
        }
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
    fn messages_are_cut_and_carry_no_image() {
        let long = json!({"message": format!("a\n b {}", "x".repeat(900)), "type": "t"});
        let image = json!({"message": "bad 'data:image/png;base64,AAAA'", "type": "t"});
        assert!(read(422, &long, &[]).error.to_string().len() < 260);
        assert!(!read(422, &image, &[]).error.to_string().contains("AAAA"));
    }

    #[test]
    fn any_shape_of_error_body_is_read() {
        let name = |body: &str| {
            ProviderError::from_body(body.as_bytes())
                .described()
                .clone()
        };
        assert_eq!(name(r#"{"error":"busy"}"#), "no error code: busy");
        assert_eq!(name(r#"{"message":"busy","code":"b"}"#), "b: busy");
        assert_eq!(name("<html>"), "no error code");
        assert_eq!(name(r#"{"error":{"code":404}}"#), "no error code");
    }
}
