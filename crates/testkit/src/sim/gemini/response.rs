//! The response object, whole and as a stream.

use serde_json::{Value, json};

use super::request::Request;
use crate::sim::bill::SimBill;
use crate::sim::picture::SeenImage;
use crate::sim::responses::tokens::of_text;
use crate::sim::words::{End, Message, Words};

const THOUGHT_TOKENS: u64 = 64;
const CHARS_PER_TOKEN: u64 = 4;
/// Characters of one chunk of a stream.
const CHUNK: usize = 48;

/// The whole response. A refusal is a question that was blocked: it has no candidates.
pub(super) fn build(
    serial: u64,
    model: &str,
    request: &Request,
    images: &[SeenImage],
    words: Words,
) -> Value {
    let thoughts = if words.reasoning { THOUGHT_TOKENS } else { 0 };
    let text = of_text(&request.words());
    let image: u64 = images.iter().map(|image| image.tokens).sum();
    let mut details = vec![json!({"modality": "TEXT", "tokenCount": text})];
    if image > 0 {
        details.push(json!({"modality": "IMAGE", "tokenCount": image}));
    }
    let mut response = json!({
        "modelVersion": model,
        "responseId": format!("{serial:022x}"),
        "usageMetadata": {
            "promptTokenCount": text + image,
            "totalTokenCount": text + image,
            "promptTokensDetails": details,
        },
    });
    if matches!(words.message, Some(Message::Refusal(_))) {
        response["promptFeedback"] = json!({"blockReason": "SAFETY", "safetyRatings": []});
        return response;
    }
    let room = request
        .max_output_tokens()
        .map(|most| most.saturating_sub(thoughts));
    let (said, reason) = ending(words, room);
    let count = said.as_deref().map_or(0, of_text);
    response["candidates"] = json!([candidate(thoughts > 0, said, &reason)]);
    let usage = &mut response["usageMetadata"];
    usage["candidatesTokenCount"] = json!(count);
    if thoughts > 0 {
        usage["thoughtsTokenCount"] = json!(thoughts);
    }
    usage["totalTokenCount"] = json!(text + image + count + thoughts);
    response
}

/// What the response is billed at.
pub(super) fn bill(model: &str, response: &Value) -> SimBill {
    let usage = &response["usageMetadata"];
    let count = |name: &str| usage[name].as_u64().unwrap_or_default();
    let input = count("promptTokenCount");
    SimBill {
        provider: "gemini",
        model: model.to_owned(),
        input,
        input_image: usage["promptTokensDetails"][1]["tokenCount"]
            .as_u64()
            .unwrap_or_default(),
        cached: 0,
        output: count("totalTokenCount") - input,
    }
}

fn candidate(thinks: bool, said: Option<String>, reason: &str) -> Value {
    let mut parts = Vec::new();
    if thinks {
        parts.push(json!({"text": "Let me look at the page.", "thought": true}));
    }
    parts.extend(said.map(|text| json!({ "text": text })));
    let mut candidate = json!({"content": {"role": "model"}, "finishReason": reason, "index": 0});
    if !parts.is_empty() {
        candidate["content"]["parts"] = Value::Array(parts);
    }
    candidate
}

/// What is said and why it ends; an answer longer than the caller allows is cut.
fn ending(words: Words, room: Option<u64>) -> (Option<String>, String) {
    let Some(Message::Text(text)) = words.message else {
        return (None, "STOP".to_owned());
    };
    if let Some(room) = room.filter(|room| of_text(&text) > *room) {
        let chars = usize::try_from(room * CHARS_PER_TOKEN).unwrap_or(usize::MAX);
        return (
            Some(text.chars().take(chars).collect()),
            "MAX_TOKENS".to_owned(),
        );
    }
    let reason = match words.end {
        End::Incomplete(reason) if reason == "max_output_tokens" => "MAX_TOKENS".to_owned(),
        End::Incomplete(reason) if reason == "content_filter" => "SAFETY".to_owned(),
        End::Incomplete(reason) => reason.to_uppercase(),
        End::Completed | End::Failed(_) => "STOP".to_owned(),
    };
    (Some(text), reason)
}

/// The response in pieces; the last one says why it ends and what it cost.
pub(super) fn events(response: &Value) -> Vec<String> {
    let told = |chunk: &Value| format!("data: {chunk}\r\n\r\n");
    let parts = response.pointer("/candidates/0/content/parts");
    let parts = parts.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut events = Vec::new();
    for part in &parts {
        let text: Vec<char> = part["text"].as_str().unwrap_or_default().chars().collect();
        for piece in text.chunks(CHUNK) {
            let mut chunk = response.clone();
            let mut piece = json!({"text": piece.iter().collect::<String>()});
            if part["thought"] == true {
                piece["thought"] = json!(true);
            }
            let content = json!({"role": "model", "parts": [piece]});
            chunk["candidates"] = json!([{"content": content, "index": 0}]);
            events.push(told(&chunk));
        }
    }
    let mut last = response.clone();
    if let Some(content) = last.pointer_mut("/candidates/0/content") {
        *content = json!({"role": "model", "parts": [{"text": ""}]});
    }
    events.push(told(&last));
    events
}
