//! Output items on their way, and their end.

use serde_json::{Value, json};

use super::Talk;
use super::generate::Generating;
use crate::sim::realtime::usage::tokens_of;

/// An output item on its way.
#[derive(Debug)]
pub(super) struct OpenPart {
    pub(super) item_id: String,
    pub(super) previous: Value,
    pub(super) kind: Kind,
    /// Everything that will be said, or the arguments.
    pub(super) text: String,
    /// Bytes of it that are sent.
    pub(super) sent: usize,
    /// How long it sounds.
    pub(super) ms: u32,
    pub(super) done_ms: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Voice,
    Text,
    Call { name: String, call_id: String },
}

impl OpenPart {
    pub(super) fn sent_text(&self) -> &str {
        &self.text[..self.sent]
    }

    /// The item as it stands.
    pub(super) fn item(&self, status: &str) -> Value {
        let text = self.sent_text();
        let content = match &self.kind {
            Kind::Call { name, call_id } => {
                return json!({"id": self.item_id, "type": "function_call", "status": status,
                    "name": name, "call_id": call_id, "arguments": text});
            }
            _ if status == "in_progress" => json!([]),
            Kind::Voice => json!([{"type": "output_audio", "transcript": text}]),
            Kind::Text => json!([{"type": "output_text", "text": text}]),
        };
        json!({"id": self.item_id, "type": "message", "status": status, "role": "assistant",
            "content": content})
    }

    /// The part as `response.content_part.…` shows it, under names of its own.
    pub(super) fn part(&self) -> Option<Value> {
        match self.kind {
            Kind::Voice => Some(json!({"type": "audio", "transcript": self.sent_text()})),
            Kind::Text => Some(json!({"type": "text", "text": self.sent_text()})),
            Kind::Call { .. } => None,
        }
    }
}

impl Talk {
    /// Ends the open part as it stands.
    pub(super) fn close_part(&mut self, answer: &mut Generating, status: &str) {
        let Some(open) = answer.open.take() else {
            return;
        };
        let item = open.item(status);
        self.emit_contents_done(answer, &open);
        let is_call = matches!(open.kind, Kind::Call { .. });
        if answer.in_conversation {
            let previous = if is_call {
                &Value::Null
            } else {
                &open.previous
            };
            self.emit(
                "conversation.item.done",
                json!({"previous_item_id": previous, "item": item}),
            );
        }
        self.emit(
            "response.output_item.done",
            json!({"response_id": answer.response_id, "output_index": answer.index(),
                "item": item}),
        );
        answer.usage.text_out += tokens_of(open.sent_text());
        answer.usage.audio_out += u64::from(open.done_ms.div_ceil(50));
        if let Some(kept) = self.items.find(&open.item_id) {
            kept.value = item.clone();
            open.sent_text().clone_into(&mut kept.words);
        }
        self.note_items();
        answer.output.push(item);
    }

    fn emit_contents_done(&mut self, answer: &Generating, open: &OpenPart) {
        let place = json!({"response_id": answer.response_id, "item_id": open.item_id,
            "output_index": answer.index(), "content_index": 0});
        let with = |name: &str, value: Value| {
            let mut fields = place.clone();
            fields[name] = value;
            fields
        };
        let text = json!(open.sent_text());
        match &open.kind {
            Kind::Voice => {
                self.emit("response.output_audio.done", place.clone());
                self.emit(
                    "response.output_audio_transcript.done",
                    with("transcript", text),
                );
            }
            Kind::Text => self.emit("response.output_text.done", with("text", text)),
            Kind::Call { name, call_id } => self.emit(
                "response.function_call_arguments.done",
                json!({"response_id": answer.response_id, "item_id": open.item_id,
                    "output_index": answer.index(), "call_id": call_id, "name": name,
                    "arguments": text}),
            ),
        }
        if let Some(part) = open.part() {
            self.emit("response.content_part.done", with("part", part));
        }
    }
}
