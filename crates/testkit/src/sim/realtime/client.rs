//! What clients may send.

use serde_json::Value;

use super::shape::{Field, Mistake, Shape, check, may, must};

const ID: Field = may("id", Shape::TextUpTo(32));
const OBJECT: Field = may("object", Shape::OneOf(&["realtime.item"]));
const STATUS: Field = may(
    "status",
    Shape::OneOf(&["completed", "incomplete", "in_progress"]),
);
const KIND: Field = must("type", Shape::Text);
const EVENT_ID: Field = may("event_id", Shape::TextUpTo(512));

const PARTS: Shape = Shape::Tagged(&[
    ("input_text", &[KIND, must("text", Shape::Text)]),
    (
        "input_audio",
        &[
            KIND,
            must("audio", Shape::Text),
            may("transcript", Shape::Nullable(&Shape::Text)),
        ],
    ),
    (
        "input_image",
        &[
            KIND,
            must("image_url", Shape::Text),
            may("detail", Shape::OneOf(&["auto", "low", "high"])),
        ],
    ),
    ("output_text", &[KIND, must("text", Shape::Text)]),
    (
        "output_audio",
        &[
            KIND,
            must("audio", Shape::Text),
            may("transcript", Shape::Nullable(&Shape::Text)),
        ],
    ),
]);

/// Which parts a role may have.
const ROLES: [(&str, &[&str]); 3] = [
    ("user", &["input_text", "input_audio", "input_image"]),
    ("system", &["input_text"]),
    ("assistant", &["output_text", "output_audio"]),
];

const ITEM: Shape = Shape::Tagged(&[
    (
        "message",
        &[
            KIND,
            must("role", Shape::OneOf(&["user", "system", "assistant"])),
            must("content", Shape::List(&PARTS)),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    (
        "function_call",
        &[
            KIND,
            must("name", Shape::Text),
            must("arguments", Shape::Text),
            may("call_id", Shape::TextUpTo(32)),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    (
        "function_call_output",
        &[
            KIND,
            must("call_id", Shape::TextUpTo(32)),
            must("output", Shape::Text),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    ("item_reference", &[KIND, must("id", Shape::TextUpTo(32))]),
]);

const TOOL: Shape = Shape::Tagged(&[(
    "function",
    &[
        KIND,
        must("name", Shape::TextUpTo(64)),
        may("description", Shape::Text),
        may("parameters", Shape::Any),
    ],
)]);

const TOOL_CHOICE: Shape = Shape::TextOr(
    &Shape::OneOf(&["none", "auto", "required"]),
    &Shape::Tagged(&[("function", &[KIND, must("name", Shape::Text)])]),
);
const MAX_TOKENS: Shape = Shape::TextOr(&Shape::OneOf(&["inf"]), &Shape::Integer(1, 4096));
const MODALITIES: Shape = Shape::List(&Shape::OneOf(&["text", "audio"]));
/// The provider also takes G.711; the simulator hears and speaks PCM only.
const FORMAT: Shape = Shape::Tagged(&[(
    "audio/pcm",
    &[KIND, may("rate", Shape::Integer(24000, 24000))],
)]);
const VOICE: Shape = Shape::TextOr(
    &Shape::OneOf(&[
        "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
    ]),
    &Shape::Object(&[must("id", Shape::Text)]),
);
const METADATA: Shape = Shape::Nullable(&Shape::Any);
const REASONING: Shape = Shape::Object(&[may(
    "effort",
    Shape::OneOf(&["minimal", "low", "medium", "high", "xhigh"]),
)]);

const TURN_DETECTION: Shape = Shape::Tagged(&[
    (
        "server_vad",
        &[
            KIND,
            may("threshold", Shape::Number(0.0, 1.0)),
            may("prefix_padding_ms", Shape::Integer(0, 10_000)),
            may("silence_duration_ms", Shape::Integer(0, 30_000)),
            may(
                "idle_timeout_ms",
                Shape::Nullable(&Shape::Integer(5_000, 30_000)),
            ),
            may("create_response", Shape::Bool),
            may("interrupt_response", Shape::Bool),
        ],
    ),
    (
        "semantic_vad",
        &[
            KIND,
            may(
                "eagerness",
                Shape::OneOf(&["low", "medium", "high", "auto"]),
            ),
            may("create_response", Shape::Bool),
            may("interrupt_response", Shape::Bool),
        ],
    ),
]);

const TRANSCRIPTION: Shape = Shape::Object(&[
    may("model", Shape::Text),
    may("language", Shape::Nullable(&Shape::Text)),
    may("languages", Shape::List(&Shape::Text)),
    may("keywords", Shape::List(&Shape::Text)),
    may("prompt", Shape::Nullable(&Shape::Text)),
    may(
        "delay",
        Shape::OneOf(&["minimal", "low", "medium", "high", "xhigh"]),
    ),
]);

const AUDIO_IN: Shape = Shape::Object(&[
    may("format", FORMAT),
    may("turn_detection", Shape::Nullable(&TURN_DETECTION)),
    may("transcription", Shape::Nullable(&TRANSCRIPTION)),
    may(
        "noise_reduction",
        Shape::Nullable(&Shape::Object(&[
            may("type", Shape::OneOf(&["near_field", "far_field"])),
            may("strength", Shape::Number(0.0, 1.0)),
        ])),
    ),
]);

const SESSION: &[Field] = &[
    must("type", Shape::OneOf(&["realtime"])),
    may("model", Shape::Text),
    may("instructions", Shape::Text),
    may("output_modalities", MODALITIES),
    may(
        "audio",
        Shape::Object(&[
            may("input", AUDIO_IN),
            may(
                "output",
                Shape::Object(&[
                    may("format", FORMAT),
                    may("voice", VOICE),
                    may("speed", Shape::Number(0.25, 1.5)),
                ]),
            ),
        ]),
    ),
    may("tools", Shape::List(&TOOL)),
    may("tool_choice", TOOL_CHOICE),
    may("max_output_tokens", MAX_TOKENS),
    may("truncation", TRUNCATION),
    may("tracing", Shape::Nullable(&TRACING)),
    may(
        "include",
        Shape::Nullable(&Shape::List(&Shape::OneOf(&[
            "item.input_audio_transcription.logprobs",
        ]))),
    ),
    may("reasoning", REASONING),
    may("parallel_tool_calls", Shape::Bool),
    may("prompt", Shape::Nullable(&Shape::Any)),
];

const TRUNCATION: Shape = Shape::TextOr(
    &Shape::OneOf(&["auto", "disabled"]),
    &Shape::Tagged(&[(
        "retention_ratio",
        &[
            KIND,
            must("retention_ratio", Shape::Number(0.0, 1.0)),
            may(
                "token_limits",
                Shape::Object(&[may("post_instructions", Shape::Integer(0, 1_000_000))]),
            ),
        ],
    )]),
);

const TRACING: Shape = Shape::TextOr(
    &Shape::OneOf(&["auto"]),
    &Shape::Object(&[
        may("workflow_name", Shape::Text),
        may("group_id", Shape::Text),
        may("metadata", Shape::Any),
    ]),
);

const RESPONSE: &[Field] = &[
    may("instructions", Shape::Text),
    may("output_modalities", MODALITIES),
    may(
        "audio",
        Shape::Object(&[may(
            "output",
            Shape::Object(&[may("format", FORMAT), may("voice", VOICE)]),
        )]),
    ),
    may("tools", Shape::List(&TOOL)),
    may("tool_choice", TOOL_CHOICE),
    may("max_output_tokens", MAX_TOKENS),
    may("conversation", Shape::OneOf(&["auto", "none"])),
    may("metadata", METADATA),
    may("input", Shape::List(&ITEM)),
    may("reasoning", REASONING),
    may("parallel_tool_calls", Shape::Bool),
    may("prompt", Shape::Nullable(&Shape::Any)),
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
