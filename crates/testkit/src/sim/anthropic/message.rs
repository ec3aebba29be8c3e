//! The message object, whole and as a stream.

use serde_json::{Value, json};

use super::request::Request;
use crate::sim::bill::SimBill;
use crate::sim::picture::SeenImage;
use crate::sim::responses::tokens::of_text;
use crate::sim::script::{Fault, Reply};
use crate::sim::words::{End, Message, Words};

const THINKING_TOKENS: u64 = 64;
const CHARS_PER_TOKEN: u64 = 4;
/// Characters of one delta.
const DELTA: usize = 24;

/// The whole message and what it is billed at.
pub(super) fn build(
    serial: u64,
    request: &Request,
    images: &[SeenImage],
    words: Words,
) -> (Value, SimBill) {
    let thinking = if words.reasoning { THINKING_TOKENS } else { 0 };
    let (text, reason) = ending(words, request.max_tokens().saturating_sub(thinking));
    let images: u64 = images.iter().map(|image| image.tokens).sum();
    let bill = SimBill {
        provider: "anthropic",
        model: request.model().to_owned(),
        input: of_text(&request.words()) + images,
        input_image: images,
        cached: 0,
        // An empty answer is not free.
        output: of_text(text.as_deref().unwrap_or_default()).max(1) + thinking,
    };
    let mut content = Vec::new();
    if thinking > 0 {
        content.push(json!({"type": "thinking", "thinking": "", "signature": "c2ln"}));
    }
    content.extend(text.map(|text| json!({"type": "text", "text": text, "citations": null})));
    let refusal = json!({"type": "refusal", "category": null, "explanation": null});
    let message = json!({
        "id": format!("msg_{serial:024x}"),
        "type": "message",
        "role": "assistant",
        "model": request.model(),
        "content": content,
        "stop_reason": reason,
        "stop_sequence": null,
        "stop_details": if reason == "refusal" { refusal } else { Value::Null },
        "usage": {
            "input_tokens": bill.input,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": bill.output,
            "output_tokens_details": {"thinking_tokens": thinking},
            "service_tier": "standard",
        },
    });
    (message, bill)
}

/// What is said and why it ends; an answer longer than the caller allows is cut.
fn ending(words: Words, room: u64) -> (Option<String>, String) {
    let text = match words.message {
        Some(Message::Text(text)) => text,
        Some(Message::Refusal(_)) => return (None, "refusal".to_owned()),
        None => return (None, "end_turn".to_owned()),
    };
    if of_text(&text) > room {
        let chars = usize::try_from(room * CHARS_PER_TOKEN).unwrap_or(usize::MAX);
        return (
            Some(text.chars().take(chars).collect()),
            "max_tokens".to_owned(),
        );
    }
    let reason = match words.end {
        End::Incomplete(reason) if reason == "max_output_tokens" => "max_tokens".to_owned(),
        End::Incomplete(reason) if reason == "content_filter" => "refusal".to_owned(),
        End::Incomplete(reason) => reason,
        End::Completed | End::Failed(_) => "end_turn".to_owned(),
    };
    (Some(text), reason)
}

/// Every event as it goes over the wire. A broken stream ends with an `error` event after its first
/// half.
pub(super) fn events(message: &Value, reply: &Reply) -> Vec<String> {
    let mut events = Vec::new();
    let mut begun = message.clone();
    begun["content"] = json!([]);
    begun["stop_reason"] = Value::Null;
    begun["usage"]["output_tokens"] = json!(1);
    events.push(event("message_start", &json!({ "message": begun })));
    events.push(event("ping", &json!({})));
    let blocks = message["content"].as_array().into_iter().flatten();
    for (index, block) in blocks.enumerate() {
        push_block(&mut events, index, block);
    }
    let delta = json!({"stop_reason": message["stop_reason"], "stop_sequence": null,
        "stop_details": message["stop_details"]});
    let end = json!({"delta": delta, "usage": message["usage"]});
    events.push(event("message_delta", &end));
    events.push(event("message_stop", &json!({})));
    if matches!(reply, Reply::Fault(Fault::StreamError)) {
        events.truncate(events.len() / 2);
        let error = json!({"type": "overloaded_error", "message": "Overloaded"});
        events.push(event("error", &json!({ "error": error })));
    }
    events
}

fn push_block(events: &mut Vec<String>, index: usize, block: &Value) {
    let mut empty = block.clone();
    if block["type"] == "text" {
        empty["text"] = json!("");
    }
    let begin = json!({"index": index, "content_block": empty});
    events.push(event("content_block_start", &begin));
    let text: Vec<char> = block["text"].as_str().unwrap_or_default().chars().collect();
    for delta in text.chunks(DELTA) {
        let delta = json!({"type": "text_delta", "text": delta.iter().collect::<String>()});
        let fields = json!({"index": index, "delta": delta});
        events.push(event("content_block_delta", &fields));
    }
    events.push(event("content_block_stop", &json!({ "index": index })));
}

fn event(kind: &str, fields: &Value) -> String {
    let mut data = json!({ "type": kind });
    for (name, value) in fields.as_object().into_iter().flatten() {
        data[name] = value.clone();
    }
    format!("event: {kind}\ndata: {data}\n\n")
}
