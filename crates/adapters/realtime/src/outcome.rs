//! How answers end and what they cost.

use voice::model::{ModelEvent, ResponseStatus};
use voice::{Tokens, Usage};

use crate::wire::{self, Counts, InputTokens, RateLimit, Response};

/// A status this build does not know counts as incomplete: the answer may lack its end.
pub(crate) fn status(response: &Response<'_>) -> ResponseStatus {
    let details = &response.status_details;
    match response.status.or_empty() {
        "completed" | "" => ResponseStatus::Completed,
        "cancelled" => ResponseStatus::Cancelled,
        "failed" => ResponseStatus::Failed {
            code: details.error.name().to_owned(),
        },
        "incomplete" => ResponseStatus::Incomplete {
            reason: details.reason.filled().unwrap_or("unknown").to_owned(),
        },
        other => ResponseStatus::Incomplete {
            reason: other.to_owned(),
        },
    }
}

pub(crate) fn usage(usage: &wire::Usage) -> Usage {
    let read = usage.input;
    let all = Counts {
        text: read.text,
        audio: read.audio,
        image: read.image,
    };
    Usage {
        input: tokens(all),
        cached: cached(read),
        output: tokens(usage.output),
    }
}

fn tokens(counts: Counts) -> Tokens {
    Tokens {
        text: counts.text.or_zero(),
        audio: counts.audio.or_zero(),
        image: counts.image.or_zero(),
    }
}

/// A sum that is not split is taken for text as far as there was text, the rest for sound.
fn cached(read: InputTokens) -> Tokens {
    if let Some(kinds) = read.cached_by_kind {
        return tokens(kinds);
    }
    let text = read.cached.or_zero().min(read.text.or_zero());
    Tokens {
        text,
        audio: read.cached.or_zero() - text,
        image: 0,
    }
}

pub(crate) fn rate_limits(limits: &[RateLimit<'_>]) -> ModelEvent {
    let tokens = limits
        .iter()
        .find(|limit| limit.name.or_empty() == "tokens");
    ModelEvent::RateLimits {
        remaining_tokens: tokens.and_then(|limit| limit.remaining.0),
        reset_ms: tokens
            .and_then(|limit| limit.reset_seconds)
            .and_then(millis),
    }
}

fn millis(seconds: f64) -> Option<u64> {
    let duration = std::time::Duration::try_from_secs_f64(seconds).ok()?;
    u64::try_from(duration.as_millis()).ok()
}
