//! What arrives: one flat envelope of every field that is read, and objects inside it read only
//! where an event needs them. Unknown events and fields pass.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::wire::tolerant::{Text, Whole};

/// The fields of any server event. One pass over the frame borrows what it can.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) response_id: Text<'a>,
    #[serde(borrow)]
    pub(crate) item_id: Text<'a>,
    #[serde(borrow)]
    pub(crate) delta: Text<'a>,
    #[serde(borrow)]
    pub(crate) transcript: Text<'a>,
    #[serde(borrow)]
    pub(crate) text: Text<'a>,
    pub(crate) content_index: Whole,
    #[serde(borrow)]
    session: Option<&'a RawValue>,
    #[serde(borrow)]
    item: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    rate_limits: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    pub(crate) fn session(&self) -> Result<Session, serde_json::Error> {
        object(self.session)
    }

    pub(crate) fn item(&self) -> Result<Item<'a>, serde_json::Error> {
        object(self.item)
    }

    pub(crate) fn response(&self) -> Result<Response<'a>, serde_json::Error> {
        object(self.response)
    }

    pub(crate) fn rate_limits(&self) -> Result<Vec<RateLimit<'a>>, serde_json::Error> {
        object(self.rate_limits)
    }

    pub(crate) fn error(&self) -> Result<ErrorBody<'a>, serde_json::Error> {
        object(self.error)
    }
}

/// An absent object is one without fields.
fn object<'a, T: Default + Deserialize<'a>>(
    raw: Option<&'a RawValue>,
) -> Result<T, serde_json::Error> {
    raw.map_or_else(|| Ok(T::default()), |raw| serde_json::from_str(raw.get()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Session {
    /// Seconds since 1970.
    pub(crate) expires_at: Whole,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Item<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
    #[serde(borrow)]
    pub(crate) call_id: Text<'a>,
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    #[serde(borrow)]
    pub(crate) arguments: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Response<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) status_details: StatusDetails<'a>,
    pub(crate) usage: Option<Usage>,
}

/// Why an answer ended as it did.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatusDetails<'a> {
    #[serde(borrow)]
    pub(crate) reason: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) error: ErrorBody<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) code: Text<'a>,
    #[serde(borrow)]
    pub(crate) message: Text<'a>,
    #[serde(borrow)]
    pub(crate) param: Text<'a>,
    /// The client event at fault.
    #[serde(borrow)]
    pub(crate) event_id: Text<'a>,
}

impl ErrorBody<'_> {
    /// The code, or the type where there is no code.
    pub(crate) fn name(&self) -> &str {
        let name = self.code.filled().or_else(|| self.kind.filled());
        name.unwrap_or("unknown")
    }
}

/// How much of one kind may still be asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RateLimit<'a> {
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    pub(crate) remaining: Whole,
    pub(crate) reset_seconds: Option<f64>,
}

/// Tokens of one answer. Cached ones are part of the input, not extra.
#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Usage {
    #[serde(deserialize_with = "nullable")]
    pub(crate) input_token_details: InputTokens,
    #[serde(deserialize_with = "nullable")]
    pub(crate) output_token_details: OutputTokens,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct InputTokens {
    pub(crate) text_tokens: Whole,
    pub(crate) audio_tokens: Whole,
    pub(crate) image_tokens: Whole,
    pub(crate) cached_tokens: Whole,
    pub(crate) cached_tokens_details: Option<CachedTokens>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct CachedTokens {
    pub(crate) text_tokens: Whole,
    pub(crate) audio_tokens: Whole,
    pub(crate) image_tokens: Whole,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct OutputTokens {
    pub(crate) text_tokens: Whole,
    pub(crate) audio_tokens: Whole,
}

/// `null` is an object without fields.
fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
