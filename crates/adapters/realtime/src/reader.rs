//! From frames to events of the port.

use bytes::Bytes;
use kernel::Timestamp;
use voice::model::{CallRequest, ModelEvent};
use voice::{ItemId, ResponseId};

use crate::errors;
use crate::names::Names;
use crate::outcome;
use crate::samples::Samples;
use crate::wire::{Envelope, Text};

/// The longest name of an unknown event that is passed on, in bytes.
const MAX_NAME: usize = 64;

/// Reads the frames of one session.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    names: Names,
    samples: Samples,
}

/// A frame that cannot be read. Its words hold nothing of the frame.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("not JSON of the expected shape, column {0}")]
    Json(usize),
    #[error("without {0}")]
    Missing(&'static str),
    #[error("audio that is no base64")]
    Audio,
    #[error("bytes instead of text")]
    Binary,
}

impl From<serde_json::Error> for Malformed {
    /// The error's own words may quote the frame.
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.column())
    }
}

impl From<base64::DecodeError> for Malformed {
    fn from(_: base64::DecodeError) -> Self {
        Self::Audio
    }
}

impl Reader {
    /// The event of one frame; `None` for those nobody waits for.
    pub(crate) fn read(&mut self, frame: &str) -> Result<Option<ModelEvent>, Malformed> {
        let envelope: Envelope<'_> = serde_json::from_str(frame)?;
        let kind = required(&envelope.kind, "type")?;
        match kind.split_once('.') {
            Some(("response", kind)) => self.answer(kind, &envelope),
            Some(("input_audio_buffer", kind)) => self.speech(kind, &envelope),
            Some(("conversation", kind)) => self.conversation(kind, &envelope),
            _ => Ok(Some(session(kind, &envelope))),
        }
    }

    fn answer(
        &mut self,
        kind: &str,
        envelope: &Envelope<'_>,
    ) -> Result<Option<ModelEvent>, Malformed> {
        Ok(Some(match kind {
            "output_audio.delta" => self.audio(envelope)?,
            "output_audio_transcript.delta" | "output_text.delta" => {
                let (response, item) = self.place(envelope)?;
                let text = envelope.delta.or_empty().to_owned();
                ModelEvent::AnswerTranscriptDelta {
                    response,
                    item,
                    text,
                }
            }
            "output_audio_transcript.done" => self.words(envelope, &envelope.transcript)?,
            "output_text.done" => self.words(envelope, &envelope.text)?,
            "output_audio.done" => {
                let (response, item) = self.place(envelope)?;
                ModelEvent::AnswerAudioDone { response, item }
            }
            "created" => {
                let created = envelope.response();
                let response = self.names.response(required(&created.id, "response.id")?);
                ModelEvent::ResponseCreated { response }
            }
            "done" => self.done(envelope)?,
            "output_item.added" => return self.item_added(envelope),
            "output_item.done" => return self.item_done(envelope),
            _ => return Ok(unknown_answer(kind, envelope)),
        }))
    }

    fn audio(&mut self, envelope: &Envelope<'_>) -> Result<ModelEvent, Malformed> {
        let (response, item) = self.place(envelope)?;
        let pcm: Bytes = self.samples.decode(&item, envelope.delta.or_empty())?;
        Ok(ModelEvent::AnswerAudio {
            response,
            item,
            content_index: envelope.content_index.or_zero_u32(),
            pcm,
        })
    }

    fn words(&mut self, envelope: &Envelope<'_>, text: &Text<'_>) -> Result<ModelEvent, Malformed> {
        let (response, item) = self.place(envelope)?;
        Ok(ModelEvent::AnswerTranscriptDone {
            response,
            item,
            text: text.or_empty().to_owned(),
        })
    }

    fn done(&mut self, envelope: &Envelope<'_>) -> Result<ModelEvent, Malformed> {
        let done = envelope.response();
        Ok(ModelEvent::ResponseDone {
            response: self.names.response(required(&done.id, "response.id")?),
            status: outcome::status(&done),
            usage: done.usage.as_ref().map(outcome::usage),
        })
    }

    fn item_added(&mut self, envelope: &Envelope<'_>) -> Result<Option<ModelEvent>, Malformed> {
        let item = envelope.item();
        if item.kind.or_empty() != "message" {
            return Ok(None);
        }
        Ok(Some(ModelEvent::AnswerItemAdded {
            response: self.response(envelope)?,
            item: self.names.item(required(&item.id, "item.id")?),
        }))
    }

    /// A call is taken from its finished item: the arguments of an interrupted one are also said
    /// to be done, and are cut.
    fn item_done(&mut self, envelope: &Envelope<'_>) -> Result<Option<ModelEvent>, Malformed> {
        let item = envelope.item();
        let whole = matches!(item.status.as_str(), None | Some("completed"));
        if item.kind.or_empty() != "function_call" || !whole {
            return Ok(None);
        }
        Ok(Some(ModelEvent::FunctionCall(CallRequest {
            response: self.response(envelope)?,
            call: required(&item.call_id, "item.call_id")?.into(),
            name: required(&item.name, "item.name")?.to_owned(),
            arguments: item.arguments.or_empty().to_owned(),
        })))
    }

    fn speech(
        &mut self,
        kind: &str,
        envelope: &Envelope<'_>,
    ) -> Result<Option<ModelEvent>, Malformed> {
        let event = match kind {
            "speech_started" => |item| ModelEvent::SpeechStarted { item },
            "speech_stopped" => |item| ModelEvent::SpeechStopped { item },
            "committed" => |item| ModelEvent::SpeechCommitted { item },
            "cleared" | "timeout_triggered" => return Ok(None),
            _ => return Ok(Some(unknown(envelope))),
        };
        self.item(envelope).map(event).map(Some)
    }

    fn conversation(
        &mut self,
        kind: &str,
        envelope: &Envelope<'_>,
    ) -> Result<Option<ModelEvent>, Malformed> {
        match kind.strip_prefix("item.input_audio_transcription.") {
            Some(kind) => self.transcription(kind, envelope),
            None => self.item_changed(kind, envelope),
        }
    }

    fn transcription(
        &mut self,
        kind: &str,
        envelope: &Envelope<'_>,
    ) -> Result<Option<ModelEvent>, Malformed> {
        let text = |text: &Text<'_>| text.or_empty().to_owned();
        let item = self.item(envelope)?;
        Ok(Some(match kind {
            "delta" => ModelEvent::InputTranscriptDelta {
                item,
                text: text(&envelope.delta),
            },
            "completed" => ModelEvent::InputTranscriptDone {
                item,
                text: text(&envelope.transcript),
            },
            "failed" => ModelEvent::InputTranscriptFailed { item },
            _ => return Ok(None),
        }))
    }

    fn item_changed(
        &mut self,
        kind: &str,
        envelope: &Envelope<'_>,
    ) -> Result<Option<ModelEvent>, Malformed> {
        let event = match kind {
            "item.truncated" => |item| ModelEvent::Truncated { item },
            "item.deleted" => |item| ModelEvent::Deleted { item },
            "created" | "item.created" | "item.added" | "item.done" | "item.retrieved" => {
                return Ok(None);
            }
            _ => return Ok(Some(unknown(envelope))),
        };
        self.item(envelope).map(event).map(Some)
    }

    fn place(&mut self, envelope: &Envelope<'_>) -> Result<(ResponseId, ItemId), Malformed> {
        Ok((self.response(envelope)?, self.item(envelope)?))
    }

    fn response(&mut self, envelope: &Envelope<'_>) -> Result<ResponseId, Malformed> {
        required(&envelope.response_id, "response_id").map(|name| self.names.response(name))
    }

    fn item(&mut self, envelope: &Envelope<'_>) -> Result<ItemId, Malformed> {
        required(&envelope.item_id, "item_id").map(|name| self.names.item(name))
    }
}

fn session(kind: &str, envelope: &Envelope<'_>) -> ModelEvent {
    match kind {
        "session.created" => ModelEvent::SessionCreated {
            expires_at: expiry(envelope),
        },
        "session.updated" => ModelEvent::SessionUpdated,
        "error" => ModelEvent::Error(errors::read(&envelope.error())),
        "rate_limits.updated" => outcome::rate_limits(&envelope.rate_limits()),
        _ => unknown(envelope),
    }
}

fn expiry(envelope: &Envelope<'_>) -> Option<Timestamp> {
    let seconds = i64::try_from(envelope.session().expires_at.0?).ok()?;
    Timestamp::from_timestamp(seconds, 0)
}

/// Parts and arguments are told again by the items that hold them.
fn unknown_answer(kind: &str, envelope: &Envelope<'_>) -> Option<ModelEvent> {
    let told_elsewhere = ["content_part.", "function_call_arguments."];
    let known = told_elsewhere.iter().any(|known| kind.starts_with(known));
    (!known).then(|| unknown(envelope))
}

fn unknown(envelope: &Envelope<'_>) -> ModelEvent {
    let mut name = envelope.kind.or_empty().to_owned();
    name.truncate(name.floor_char_boundary(MAX_NAME));
    ModelEvent::Unknown { name }
}

fn required<'t>(text: &'t Text<'_>, field: &'static str) -> Result<&'t str, Malformed> {
    text.filled().ok_or(Malformed::Missing(field))
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
