//! The response object.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::request::Request;
use super::tokens;
use crate::sim::bill::SimBill;
use crate::sim::picture::SeenImage;
use crate::sim::words::{End, Message, Words};

const REASONING_TOKENS: u64 = 64;
const CHARS_PER_TOKEN: u64 = 4;

/// The whole response, as it is sent when nothing is streamed.
pub(super) fn build(serial: u64, request: &Request, images: &[SeenImage], words: Words) -> Value {
    let words = within_limit(words, request.max_output_tokens());
    let status = status(&words.end);
    let usage = usage(request, images, &words);
    let now = now();
    let mut object = echoed(request);
    let fields = json!({
        "id": format!("resp_{serial:048x}"),
        "object": "response",
        "created_at": now,
        "completed_at": (words.end == End::Completed).then_some(now),
        "status": status,
        "model": request.model(),
        "output": output(serial, &words, status),
        "error": error(&words.end),
        "incomplete_details": match &words.end {
            End::Incomplete(reason) => json!({ "reason": reason }),
            _ => Value::Null,
        },
        "usage": usage,
    });
    merge(&mut object, fields);
    object
}

/// The request's settings with the provider's defaults.
fn echoed(request: &Request) -> Value {
    let body = &request.body;
    let or = |name: &str, default: Value| match &body[name] {
        Value::Null => default,
        value => value.clone(),
    };
    let mut text = or("text", json!({}));
    if text["format"].is_null() {
        text["format"] = json!({"type": "text"});
    }
    if text["verbosity"].is_null() {
        text["verbosity"] = json!("medium");
    }
    let mut reasoning = json!({"effort": null, "summary": null});
    merge(&mut reasoning, or("reasoning", json!({})));
    json!({
        "background": or("background", json!(false)),
        "instructions": body["instructions"],
        "max_output_tokens": body["max_output_tokens"],
        "max_tool_calls": body["max_tool_calls"],
        "metadata": or("metadata", json!({})),
        "parallel_tool_calls": or("parallel_tool_calls", json!(true)),
        "previous_response_id": body["previous_response_id"],
        "prompt_cache_key": body["prompt_cache_key"],
        "reasoning": reasoning,
        "safety_identifier": body["safety_identifier"],
        "service_tier": "default",
        "store": or("store", json!(true)),
        "temperature": or("temperature", json!(1.0)),
        "text": text,
        "tool_choice": or("tool_choice", json!("auto")),
        "tools": or("tools", json!([])),
        "top_logprobs": 0,
        "top_p": or("top_p", json!(1.0)),
        "truncation": or("truncation", json!("disabled")),
        "user": body["user"],
    })
}

/// An answer longer than the caller allows is cut, as the provider cuts it.
fn within_limit(words: Words, limit: Option<u64>) -> Words {
    let (Some(limit), Some(Message::Text(text))) = (limit, &words.message) else {
        return words;
    };
    let room = limit.saturating_sub(reasoning_tokens(&words));
    if tokens::of_text(text) <= room {
        return words;
    }
    let chars = usize::try_from(room * CHARS_PER_TOKEN).unwrap_or(usize::MAX);
    let cut: String = text.chars().take(chars).collect();
    Words {
        message: (!cut.is_empty()).then_some(Message::Text(cut)),
        end: End::Incomplete("max_output_tokens".to_owned()),
        ..words
    }
}

fn status(end: &End) -> &'static str {
    match end {
        End::Completed => "completed",
        End::Incomplete(_) => "incomplete",
        End::Failed(_) => "failed",
    }
}

fn error(end: &End) -> Value {
    match end {
        End::Failed(code) => json!({
            "code": code,
            "message": "The model failed to generate a response.",
        }),
        _ => Value::Null,
    }
}

fn output(serial: u64, words: &Words, status: &str) -> Value {
    let mut items = Vec::new();
    if words.reasoning {
        items.push(json!({"id": format!("rs_{serial:048x}"), "type": "reasoning", "summary": []}));
    }
    if let Some(message) = &words.message {
        items.push(json!({
            "id": format!("msg_{serial:048x}"),
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": [part(message)],
        }));
    }
    Value::Array(items)
}

fn part(message: &Message) -> Value {
    match message {
        Message::Text(text) => json!({
            "type": "output_text",
            "text": text,
            "annotations": [],
            "logprobs": [],
        }),
        Message::Refusal(refusal) => json!({"type": "refusal", "refusal": refusal}),
    }
}

fn usage(request: &Request, images: &[SeenImage], words: &Words) -> Value {
    if matches!(words.end, End::Failed(_)) {
        return Value::Null;
    }
    let images: u64 = images.iter().map(|image| image.tokens).sum();
    let input = tokens::of_text(&request.words()) + images;
    let said = match &words.message {
        Some(Message::Text(text) | Message::Refusal(text)) => tokens::of_text(text),
        None => 0,
    };
    let output = said + reasoning_tokens(words);
    json!({
        "input_tokens": input,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": reasoning_tokens(words)},
        "total_tokens": input + output,
    })
}

/// What the answer is billed at; nothing where the model failed.
pub(super) fn bill(object: &Value, images: &[SeenImage]) -> Option<SimBill> {
    let usage = object["usage"].as_object()?;
    let count = |name: &str| usage[name].as_u64().unwrap_or_default();
    Some(SimBill {
        provider: "openai",
        model: object["model"].as_str().unwrap_or_default().to_owned(),
        input: count("input_tokens"),
        input_image: images.iter().map(|image| image.tokens).sum(),
        cached: 0,
        output: count("output_tokens"),
    })
}

fn reasoning_tokens(words: &Words) -> u64 {
    if words.reasoning { REASONING_TOKENS } else { 0 }
}

pub(super) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
