//! What an error answer means.

use std::time::{Duration, SystemTime};

use provider_http::{About, Again, Answer, Failure, Passage, Refusal, again, retry_after};
use serde_json::Value;

/// The provider's error object, as far as it can be read.
struct ProviderError {
    status: String,
    reason: String,
    message: String,
    retry_delay: Option<Duration>,
    /// A quota that comes back the next day: waiting does not help.
    is_spent: bool,
}

impl ProviderError {
    fn from_body(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = &body["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let details = error["details"].as_array().map_or(&[][..], Vec::as_slice);
        let mut reasons = details
            .iter()
            .filter_map(|detail| detail["reason"].as_str());
        Self {
            status: text("status"),
            reason: reasons.next_back().unwrap_or_default().to_owned(),
            message: text("message"),
            retry_delay: details.iter().find_map(retry_delay),
            is_spent: details.iter().any(is_of_a_day),
        }
    }

    /// The most telling name of the error.
    fn name(&self) -> &str {
        let names = [&self.reason, &self.status].into_iter();
        let mut names = names.filter(|name| !name.is_empty());
        names.next().map_or("no error status", String::as_str)
    }

    fn about(&self, status: u16, model: &str) -> About {
        let missing = || format!("models/{model} is not found");
        match status {
            400 | 401 | 403 if self.is_about_the_key() => About::Key,
            400 | 413 if self.is_about_the_image() => About::Image,
            404 if self.message.contains(&missing()) => About::Model,
            _ => About::Status,
        }
    }

    fn is_about_the_key(&self) -> bool {
        self.reason.starts_with("API_KEY") || self.status == "UNAUTHENTICATED"
    }

    /// There is no code for it; messages name the thing.
    fn is_about_the_image(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        ["image", "fetch", "url", "inline_data", "file_data"]
            .iter()
            .any(|word| message.contains(word))
    }
}

/// `{"@type": "…/google.rpc.RetryInfo", "retryDelay": "34.07s"}`
fn retry_delay(detail: &Value) -> Option<Duration> {
    let seconds = detail["retryDelay"].as_str()?.strip_suffix('s')?;
    let delay = Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?;
    (!delay.is_zero()).then_some(delay)
}

/// `{"@type": "…/google.rpc.QuotaFailure", "violations": [{"quotaId": "…PerDay…"}]}`
fn is_of_a_day(detail: &Value) -> bool {
    let violations = detail["violations"].as_array().into_iter().flatten();
    let mut quotas = violations.filter_map(|violation| violation["quotaId"].as_str());
    quotas.any(|quota| quota.contains("PerDay"))
}

/// What an answer with an error status means.
pub(crate) fn of(answer: &Answer, passage: Passage, model: &str) -> Failure {
    let error = ProviderError::from_body(&answer.body);
    let header = retry_after(&answer.headers, SystemTime::now());
    let wait = error.retry_delay.or(header);
    let (status, about) = (answer.status, error.about(answer.status.as_u16(), model));
    let again = match about {
        About::Image if passage == Passage::Link => Again::Inline,
        _ if error.is_spent => Again::Never,
        _ => again(status, wait),
    };
    let refusal = Refusal {
        status: status.as_u16(),
        name: error.name(),
        message: &error.message,
        model,
        api: "generateContent",
        about,
        retry_after: wait.filter(|_| !error.is_spent),
    };
    Failure {
        error: refusal.error(),
        again,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;
    use vision::ModelError;

    use super::*;

    fn read(status: u16, error: &Value) -> Failure {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: json!({ "error": error }).to_string().into(),
        };
        of(&answer, Passage::Link, "m-1")
    }

    fn details(detail: &Value) -> Value {
        json!({"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [detail]})
    }

    #[test]
    fn a_rate_limit_carries_its_wait_in_the_body() {
        let failure = read(429, &details(&json!({"retryDelay": "2.5s"})));
        let wait = Duration::from_millis(2500);
        assert!(
            matches!(failure.error, ModelError::RateLimited { retry_after: Some(w) } if w == wait)
        );
        assert_eq!(failure.again, Again::After(wait));
    }

    #[test]
    fn a_quota_of_a_day_is_not_tried_again() {
        let quota = json!({"violations": [{"quotaId": "RequestsPerDayPerProject"}]});
        let failure = read(429, &details(&quota));
        assert!(matches!(
            failure.error,
            ModelError::RateLimited { retry_after: None }
        ));
        assert_eq!(failure.again, Again::Never);
    }

    /// The provider answers 400, not 401.
    #[test]
    fn a_refused_key_is_named() {
        let error = json!({"status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}],
            "message": "API key not valid. Please pass a valid API key: image"});
        assert_eq!(
            read(400, &error).error.to_string(),
            "the model is unavailable: the provider refused the API key (API_KEY_INVALID)"
        );
    }

    #[test]
    fn a_link_that_cannot_be_opened_asks_for_the_bytes() {
        let message = "Cannot fetch content from the provided URL.";
        let error = json!({"status": "INVALID_ARGUMENT", "message": message});
        assert_eq!(read(400, &error).again, Again::Inline);
    }

    #[test]
    fn any_shape_of_error_body_is_read() {
        for body in [&b"<html>"[..], b"", b"[]", br#"{"error":"busy"}"#] {
            assert_eq!(ProviderError::from_body(body).name(), "no error status");
        }
        assert_eq!(retry_delay(&json!({"retryDelay": "-1s"})), None);
    }
}
