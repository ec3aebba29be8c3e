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
    pub(crate) fn session(&self) -> Session {
        object(self.session)
    }

    pub(crate) fn item(&self) -> Item<'a> {
        object(self.item)
    }

    pub(crate) fn response(&self) -> Response<'a> {
        object(self.response)
    }

    pub(crate) fn rate_limits(&self) -> Vec<RateLimit<'a>> {
        object(self.rate_limits)
    }

    pub(crate) fn error(&self) -> ErrorBody<'a> {
        object(self.error)
    }
}

/// An absent or senseless object is one without fields.
fn object<'a, T: Default + Deserialize<'a>>(raw: Option<&'a RawValue>) -> T {
    let read = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
    read.unwrap_or_default()
}

fn lenient<'de: 'a, 'a, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'a>,
{
    Option::<&'de RawValue>::deserialize(deserializer).map(object)
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
    #[serde(borrow, deserialize_with = "lenient")]
    pub(crate) status_details: StatusDetails<'a>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) usage: Option<Usage>,
}

/// Why an answer ended as it did.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatusDetails<'a> {
    #[serde(borrow)]
    pub(crate) reason: Text<'a>,
    #[serde(borrow, deserialize_with = "lenient")]
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
    #[serde(deserialize_with = "lenient")]
    pub(crate) reset_seconds: Option<f64>,
}

/// Tokens of one answer. Cached ones are part of the input, not extra.
#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Usage {
    #[serde(deserialize_with = "lenient", rename = "input_token_details")]
    pub(crate) input: InputTokens,
    #[serde(deserialize_with = "lenient", rename = "output_token_details")]
    pub(crate) output: Counts,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct InputTokens {
    #[serde(rename = "text_tokens")]
    pub(crate) text: Whole,
    #[serde(rename = "audio_tokens")]
    pub(crate) audio: Whole,
    #[serde(rename = "image_tokens")]
    pub(crate) image: Whole,
    #[serde(rename = "cached_tokens")]
    pub(crate) cached: Whole,
    #[serde(deserialize_with = "lenient", rename = "cached_tokens_details")]
    pub(crate) cached_by_kind: Option<Counts>,
}

/// Tokens by kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    #[serde(rename = "text_tokens")]
    pub(crate) text: Whole,
    #[serde(rename = "audio_tokens")]
    pub(crate) audio: Whole,
    #[serde(rename = "image_tokens")]
    pub(crate) image: Whole,
}
