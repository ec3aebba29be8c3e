//! What clients may send.

mod items;
mod session;

use serde_json::Value;

use self::items::{ITEM, KIND};
use self::session::{RESPONSE, SESSION};
use super::shape::{Field, Mistake, Shape, check, may, must};

const EVENT_ID: Field = may("event_id", Shape::TextUpTo(512));

/// Which parts a role may have.
const ROLES: [(&str, &[&str]); 3] = [
    ("user", &["input_text", "input_audio", "input_image"]),
    ("system", &["input_text"]),
    ("assistant", &["output_text", "output_audio"]),
];

/// Every client event there is on a WebSocket.
const EVENTS: Shape = Shape::Tagged(&[
    (
        "session.update",
        &[KIND, EVENT_ID, must("session", Shape::Object(SESSION))],
    ),
    (
        "input_audio_buffer.append",
        &[KIND, EVENT_ID, must("audio", Shape::Text)],
    ),
    ("input_audio_buffer.commit", &[KIND, EVENT_ID]),
    ("input_audio_buffer.clear", &[KIND, EVENT_ID]),
    ("output_audio_buffer.clear", &[KIND, EVENT_ID]),
    (
        "conversation.item.create",
        &[
            KIND,
            EVENT_ID,
            must("item", ITEM),
            may("previous_item_id", Shape::Nullable(&Shape::Text)),
        ],
    ),
    (
        "conversation.item.retrieve",
        &[KIND, EVENT_ID, must("item_id", Shape::Text)],
    ),
    (
        "conversation.item.delete",
        &[KIND, EVENT_ID, must("item_id", Shape::Text)],
    ),
    (
        "conversation.item.truncate",
        &[
            KIND,
            EVENT_ID,
            must("item_id", Shape::Text),
            must("content_index", Shape::Integer(0, 0)),
            must("audio_end_ms", Shape::Integer(0, i64::MAX)),
        ],
    ),
    (
        "response.create",
        &[
            KIND,
            EVENT_ID,
            may("response", Shape::Nullable(&Shape::Object(RESPONSE))),
        ],
    ),
    (
        "response.cancel",
        &[
            KIND,
            EVENT_ID,
            may("response_id", Shape::Nullable(&Shape::Text)),
        ],
    ),
]);

/// Refuses an event that the provider would refuse for its shape.
pub(super) fn check_event(event: &Value) -> Result<(), Mistake> {
    check(event, EVENTS, "")?;
    let modalities = match event["type"].as_str() {
        Some("session.update") => &event["session"]["output_modalities"],
        Some("response.create") => &event["response"]["output_modalities"],
        Some("conversation.item.create") => return check_parts(&event["item"]),
        _ => return Ok(()),
    };
    one_modality(
        modalities,
        if event["session"].is_null() {
            "response"
        } else {
            "session"
        },
    )
}

fn one_modality(modalities: &Value, of: &str) -> Result<(), Mistake> {
    if modalities.as_array().is_none_or(|list| list.len() == 1) {
        return Ok(());
    }
    let message = format!(
        "Invalid modalities: {modalities}. Supported combinations are: ['text'] and ['audio']."
    );
    Err(Mistake::new("invalid_value", message).of(format!("{of}.output_modalities")))
}

fn check_parts(item: &Value) -> Result<(), Mistake> {
    let allowed = ROLES.iter().find(|(role, _)| item["role"] == *role);
    let parts = item["content"].as_array().into_iter().flatten();
    for (index, part) in parts.enumerate() {
        let kind = part["type"].as_str().unwrap_or_default();
        let param = format!("item.content[{index}].type");
        let known = allowed.map_or(&[][..], |(_, parts)| *parts);
        super::shape::one_of(kind, known.iter().copied(), &param)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(event: &Value, code: &str, param: &str) {
        let mistake = check_event(event).unwrap_err();
        assert_eq!(
            (mistake.code, mistake.param.as_deref()),
            (code, Some(param))
        );
    }

    #[test]
    fn the_retired_shape_of_a_session_is_refused() {
        let session = |session: Value| json!({"type": "session.update", "session": session});
        refused(
            &session(json!({"voice": "alloy"})),
            "unknown_parameter",
            "session.voice",
        );
        refused(
            &session(json!({"instructions": "x"})),
            "missing_required_parameter",
            "session.type",
        );
    }

    #[test]
    fn both_modalities_at_once_are_refused() {
        let update = json!({"type": "session.update",
            "session": {"type": "realtime", "output_modalities": ["audio", "text"]}});
        refused(&update, "invalid_value", "session.output_modalities");
    }

    #[test]
    fn an_assistant_says_output_text() {
        let create = json!({"type": "conversation.item.create", "item": {"type": "message",
            "role": "assistant", "content": [{"type": "input_text", "text": "x"}]}});
        refused(&create, "invalid_value", "item.content[0].type");
    }

    #[test]
    fn an_unknown_event_is_told_the_known_ones() {
        refused(&json!({"type": "response.stop"}), "invalid_value", "type");
        refused(&json!({}), "missing_required_parameter", "type");
    }
}
