//! A response as server-sent events.

use serde_json::{Value, json};

use super::object::merge;

/// Characters of one delta.
const DELTA: usize = 24;

/// Every event as it goes over the wire, `event:` equal to the data's `type`. A broken stream ends
/// with an `error` event after its first half.
pub(super) fn events(response: &Value, broken: bool) -> Vec<String> {
    let mut events = Events::default();
    events.begin(response);
    let items = response["output"].as_array().cloned().unwrap_or_default();
    for (index, item) in items.iter().enumerate() {
        events.item(index, item);
    }
    if broken {
        events.list.truncate(events.list.len() / 2);
        events.push(
            "error",
            json!({"code": "server_error", "param": null,
            "message": "The server had an error while processing your request."}),
        );
    } else {
        let end = format!(
            "response.{}",
            response["status"].as_str().unwrap_or_default()
        );
        events.push(&end, json!({ "response": response }));
    }
    events.list
}

#[derive(Default)]
struct Events {
    list: Vec<String>,
}

impl Events {
    fn push(&mut self, kind: &str, fields: Value) {
        let mut data = json!({"type": kind, "sequence_number": self.list.len()});
        merge(&mut data, fields);
        self.list.push(format!("event: {kind}\ndata: {data}\n\n"));
    }

    fn begin(&mut self, response: &Value) {
        let mut begun = response.clone();
        let fields = json!({"status": "in_progress", "output": [], "usage": null, "error": null,
            "completed_at": null, "incomplete_details": null});
        merge(&mut begun, fields);
        self.push("response.created", json!({ "response": begun }));
        self.push("response.in_progress", json!({ "response": begun }));
    }

    fn item(&mut self, index: usize, item: &Value) {
        let mut begun = item.clone();
        if item["type"] == "message" {
            merge(&mut begun, json!({"status": "in_progress", "content": []}));
        }
        self.push(
            "response.output_item.added",
            json!({"output_index": index, "item": begun}),
        );
        let parts = item["content"].as_array().cloned().unwrap_or_default();
        for (content_index, part) in parts.iter().enumerate() {
            let place = json!({"item_id": item["id"], "output_index": index,
                "content_index": content_index});
            self.part(&place, part);
        }
        self.push(
            "response.output_item.done",
            json!({"output_index": index, "item": item}),
        );
    }

    fn part(&mut self, place: &Value, part: &Value) {
        let (kind, field) = if part["type"] == "refusal" {
            ("response.refusal", "refusal")
        } else {
            ("response.output_text", "text")
        };
        let mut empty = part.clone();
        merge(&mut empty, json!({ field: "" }));
        self.push(
            "response.content_part.added",
            placed(place, json!({ "part": empty })),
        );
        let text: Vec<char> = part[field].as_str().unwrap_or_default().chars().collect();
        for delta in text.chunks(DELTA) {
            let delta: String = delta.iter().collect();
            let mut fields = json!({"delta": delta, "obfuscation": "xW2bTq"});
            if field == "text" {
                merge(&mut fields, json!({"logprobs": []}));
            }
            self.push(&format!("{kind}.delta"), placed(place, fields));
        }
        let mut done = json!({ field: part[field] });
        if field == "text" {
            merge(&mut done, json!({"logprobs": []}));
        }
        self.push(&format!("{kind}.done"), placed(place, done));
        self.push(
            "response.content_part.done",
            placed(place, json!({ "part": part })),
        );
    }
}

fn placed(place: &Value, fields: Value) -> Value {
    let mut event = place.clone();
    merge(&mut event, fields);
    event
}
