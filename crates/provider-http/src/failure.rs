//! One attempt that failed.

use std::time::Duration;

use reqwest::StatusCode;
use vision::ModelError;

/// Characters of a provider's message that are passed on.
const MESSAGE_CHARS: usize = 160;

/// One attempt that failed.
#[derive(Debug)]
pub struct Failure {
    /// What the caller hears if this was the last attempt.
    pub error: ModelError,
    /// Whether there is a point in another one.
    pub again: Again,
}

/// Whether and when to attempt again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It would fail again.
    Never,
    /// After a growing wait.
    Backoff,
    /// After the wait the provider asked for.
    After(Duration),
    /// At once, with the image in the body: the provider could not open its link.
    Inline,
}

impl Failure {
    /// A failure that repeats itself.
    pub fn for_good(error: ModelError) -> Self {
        Self {
            error,
            again: Again::Never,
        }
    }

    /// An answer that cannot be used.
    pub fn bad_output(reason: impl Into<String>) -> Self {
        Self::for_good(ModelError::BadOutput(reason.into()))
    }

    /// A fault on the way.
    pub fn transport(reason: String) -> Self {
        Self {
            error: ModelError::Unavailable(reason),
            again: Again::Backoff,
        }
    }
}

/// Whether an answer of this status is worth another attempt, and when: 408, 409, 429 and
/// everything from 500 is.
pub fn again(status: StatusCode, retry_after: Option<Duration>) -> Again {
    match status.as_u16() {
        408 | 409 | 429 | 500.. => retry_after.map_or(Again::Backoff, Again::After),
        _ => Again::Never,
    }
}

/// The beginning of a provider's message on one line, without image bytes; empty where there is
/// nothing to tell.
pub(crate) fn excerpt(message: &str) -> String {
    if message.contains("base64") {
        return String::new();
    }
    let words = message.split_whitespace().collect::<Vec<_>>();
    words.join(" ").chars().take(MESSAGE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transient_statuses_are_tried_again() {
        let again = |status| again(StatusCode::from_u16(status).unwrap(), None);
        for status in [408, 409, 429, 500, 502, 503, 504, 529] {
            assert_eq!(again(status), Again::Backoff);
        }
        for status in [400, 401, 402, 403, 404, 413, 422] {
            assert_eq!(again(status), Again::Never);
        }
    }

    #[test]
    fn messages_are_cut_and_carry_no_image() {
        assert_eq!(excerpt("a\n b"), "a b");
        assert_eq!(excerpt(&"x".repeat(900)).len(), 160);
        assert_eq!(excerpt("bad 'data:image/png;base64,AAAA'"), "");
    }
}
