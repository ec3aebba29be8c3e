//! What answer headers say of trying again.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a
/// date. A date is read against the answer's own `date`, so a clock that is off does no harm.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    number(headers, "retry-after-ms")
        .map(|ms| ms / 1000.0)
        .or_else(|| number(headers, RETRY_AFTER.as_str()))
        .map_or_else(|| until_date(headers, now), seconds)
}

/// `x-should-retry`, the provider's own word.
pub fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match text(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    text(headers, name)?.parse().ok()
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|wait| !wait.is_zero())
}

fn until_date(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let at = date(headers, RETRY_AFTER.as_str())?;
    let from = date(headers, DATE.as_str()).unwrap_or_else(|| now.into());
    (at - from).to_std().ok().filter(|wait| !wait.is_zero())
}

fn date(headers: &HeaderMap, name: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text(headers, name)?)
        .ok()
        .map(Into::into)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[track_caller]
    fn check(pairs: &[(&'static str, &'static str)], expected_ms: Option<u64>) {
        let wait = retry_after(&headers(pairs), SystemTime::UNIX_EPOCH);
        assert_eq!(wait, expected_ms.map(Duration::from_millis));
    }

    #[test]
    fn milliseconds_win_over_seconds() {
        check(
            &[("retry-after-ms", "250"), ("retry-after", "9")],
            Some(250),
        );
        check(
            &[("retry-after-ms", "soon"), ("retry-after", "1.5")],
            Some(1500),
        );
    }

    #[test]
    fn a_date_is_read_against_the_answers_own_clock() {
        check(
            &[
                ("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"),
                ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ],
            Some(30_000),
        );
        check(
            &[("retry-after", "Thu, 01 Jan 1970 00:00:05 GMT")],
            Some(5000),
        );
    }

    #[test]
    fn senseless_values_are_as_none() {
        for value in [
            "",
            "-1",
            "0",
            "NaN",
            "inf",
            "1e300",
            "Wed, 21 Oct 1960 07:28:30 GMT",
        ] {
            check(&[("retry-after", value)], None);
        }
    }

    #[test]
    fn only_true_and_false_are_a_word() {
        let word = |value| should_retry(&headers(&[("x-should-retry", value)]));
        assert_eq!(
            (word("true"), word("false"), word("maybe")),
            (Some(true), Some(false), None)
        );
    }
}
