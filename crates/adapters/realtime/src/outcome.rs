//! How answers end and what they cost.

use voice::model::{ModelEvent, ResponseStatus};
use voice::{Tokens, Usage};

use crate::wire::{self, InputTokens, RateLimit, Response};

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
    let read = usage.input_token_details;
    let made = usage.output_token_details;
    Usage {
        input: Tokens {
            text: read.text_tokens.or_zero(),
            audio: read.audio_tokens.or_zero(),
            image: read.image_tokens.or_zero(),
        },
        cached: cached(read),
        output: Tokens {
            text: made.text_tokens.or_zero(),
            audio: made.audio_tokens.or_zero(),
            image: 0,
        },
    }
}

/// A sum that is not split is taken for text as far as there was text, the rest for sound.
fn cached(read: InputTokens) -> Tokens {
    let Some(kinds) = read.cached_tokens_details else {
        let text = read.cached_tokens.or_zero().min(read.text_tokens.or_zero());
        let audio = read.cached_tokens.or_zero() - text;
        return Tokens {
            text,
            audio,
            image: 0,
        };
    };
    Tokens {
        text: kinds.text_tokens.or_zero(),
        audio: kinds.audio_tokens.or_zero(),
        image: kinds.image_tokens.or_zero(),
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
