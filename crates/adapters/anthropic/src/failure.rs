//! What an error answer means.

use std::time::SystemTime;

use provider_http::{
    About, Again, Answer, Failure, Passage, Refusal, again, retry_after, should_retry,
};
use reqwest::StatusCode;
use serde_json::Value;
use vision::ModelError;

/// Ends of the codes of accounts out of money or over their limit: waiting does not help.
const SPENT: [&str; 2] = ["spend_limit_reached", "billing_unavailable"];

/// The provider's error object, as far as it can be read.
struct ProviderError {
    kind: String,
    code: String,
    message: String,
}

impl ProviderError {
    fn from_body(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |pointer: &str| {
            let text = body.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Self {
            kind: text("/error/type"),
            code: text("/error/details/error_code"),
            message: text("/error/message"),
        }
    }

    /// The most telling name of the error.
    fn name(&self) -> &str {
        let names = [&self.code, &self.kind].into_iter();
        let mut names = names.filter(|name| !name.is_empty());
        names.next().map_or("no error type", String::as_str)
    }

    fn is_spent(&self) -> bool {
        self.kind == "billing_error" || SPENT.iter().any(|end| self.code.ends_with(end))
    }

    fn about(&self, status: u16, model: &str) -> About {
        match status {
            400 | 413 if self.is_about_the_image() => About::Image,
            404 if self.message.contains(model) => About::Model,
            _ => About::Status,
        }
    }

    /// There is no code for it; messages name the place or the thing.
    fn is_about_the_image(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        ["image", "download", ".source"]
            .iter()
            .any(|word| message.contains(word))
    }
}

/// What an answer with an error status means.
pub(crate) fn of(answer: &Answer, passage: Passage, model: &str) -> Failure {
    let error = ProviderError::from_body(&answer.body);
    let wait = retry_after(&answer.headers, SystemTime::now());
    let (status, about) = (answer.status, error.about(answer.status.as_u16(), model));
    let again = match should_retry(&answer.headers) {
        _ if about == About::Image && passage == Passage::Link => Again::Inline,
        _ if error.is_spent() => Again::Never,
        Some(false) => Again::Never,
        Some(true) => wait.map_or(Again::Backoff, Again::After),
        None => again(status, wait),
    };
    if status == StatusCode::PAYMENT_REQUIRED {
        let error = ModelError::RateLimited { retry_after: None };
        return Failure { error, again };
    }
    let refusal = Refusal {
        status: status.as_u16(),
        name: error.name(),
        message: &error.message,
        model,
        api: "Messages API",
        about,
        retry_after: wait,
    };
    Failure {
        error: refusal.error(),
        again,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn read(status: u16, error: &Value, headers: &[(&'static str, &'static str)]) -> Failure {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect(),
            body: json!({"type": "error", "error": error}).to_string().into(),
        };
        of(&answer, Passage::Link, "m-1")
    }

    #[test]
    fn a_rate_limit_carries_its_wait() {
        let failure = read(
            429,
            &json!({"type": "rate_limit_error"}),
            &[("retry-after", "7")],
        );
        let wait = Duration::from_secs(7);
        assert!(
            matches!(failure.error, ModelError::RateLimited { retry_after: Some(w) } if w == wait)
        );
        assert_eq!(failure.again, Again::After(wait));
    }

    #[test]
    fn an_account_that_is_spent_is_not_tried_again_whatever_the_headers_say() {
        let details = json!({"error_code": "enforced_spend_limit_reached"});
        for (status, error) in [
            (429, json!({"type": "rate_limit_error", "details": details})),
            (402, json!({"type": "billing_error"})),
        ] {
            let failure = read(status, &error, &[("x-should-retry", "true")]);
            assert!(matches!(failure.error, ModelError::RateLimited { .. }));
            assert_eq!(failure.again, Again::Never);
        }
    }

    #[test]
    fn an_overloaded_provider_is_tried_again() {
        let failure = read(529, &json!({"type": "overloaded_error"}), &[]);
        assert_eq!(failure.again, Again::Backoff);
        assert!(failure.error.to_string().contains("overloaded"));
    }

    #[test]
    fn a_link_that_cannot_be_opened_asks_for_the_bytes() {
        let error = json!({"type": "invalid_request_error",
            "message": "Unable to download the file. Please verify the URL and try again."});
        assert_eq!(read(400, &error, &[]).again, Again::Inline);
    }

    #[test]
    fn a_refused_key_is_named_without_repeating_it() {
        let error =
            json!({"type": "authentication_error", "message": "invalid x-api-key sk-ant-1"});
        assert_eq!(
            read(401, &error, &[]).error.to_string(),
            "the model is unavailable: the provider refused the API key (authentication_error)"
        );
    }

    #[test]
    fn any_shape_of_error_body_is_read() {
        for body in [&b"<html>"[..], b"", b"[]", br#"{"error":"busy"}"#] {
            assert_eq!(ProviderError::from_body(body).name(), "no error type");
        }
    }
}
