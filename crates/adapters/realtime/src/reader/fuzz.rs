//! Whatever a server may send.

use proptest::prelude::*;
use serde_json::{Value, json};
use voice::model::ModelEvent;

use super::Reader;

/// Every type that is read, and some that are not.
const KINDS: [&str; 24] = [
    "session.created",
    "session.updated",
    "error",
    "rate_limits.updated",
    "input_audio_buffer.speech_started",
    "input_audio_buffer.committed",
    "input_audio_buffer.",
    "conversation.item.truncated",
    "conversation.item.deleted",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.input_audio_transcription.failed",
    "response.created",
    "response.done",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done",
    "response.output_text.done",
    "response.",
    ".",
    "ünknöwn",
];

const FIELDS: [&str; 26] = [
    "response_id",
    "item_id",
    "delta",
    "transcript",
    "text",
    "content_index",
    "session",
    "item",
    "response",
    "error",
    "rate_limits",
    "expires_at",
    "id",
    "type",
    "status",
    "call_id",
    "name",
    "arguments",
    "status_details",
    "usage",
    "reason",
    "code",
    "message",
    "event_id",
    "remaining",
    "input_token_details",
];

fn field() -> impl Strategy<Value = String> {
    prop::sample::select(&FIELDS[..]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[A-Za-z0-9+/]{0,9}={0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(field(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = Reader::default().read(&text);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Reader::default().read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_fields_of_any_event_are_read_without_a_panic_and_cut_frames_as_well(
        kind in prop::sample::select(&KINDS[..]),
        fields in prop::collection::vec((field(), value()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut frame = Value::Object(fields.into_iter().collect());
        frame["type"] = json!(kind);
        let text = frame.to_string();
        let mut reader = Reader::default();
        let _ = reader.read(&text);
        let at = text.floor_char_boundary(cut.index(text.len()));
        prop_assert!(reader.read(&text[..at]).is_err());
    }

    #[test]
    fn sound_in_any_pieces_is_the_same_sound(
        pcm in prop::collection::vec(any::<u8>(), 0..300),
        piece in 1..50_usize,
    ) {
        use base64::Engine as _;
        let mut reader = Reader::default();
        let mut sound = Vec::new();
        for piece in pcm.chunks(piece) {
            let delta = base64::engine::general_purpose::STANDARD.encode(piece);
            let kind = "response.output_audio.delta";
            let frame = json!({"type": kind, "response_id": "r", "item_id": "i", "delta": delta});
            let frame = frame.to_string();
            if let Some(ModelEvent::AnswerAudio { pcm, .. }) = reader.read(&frame).unwrap() {
                prop_assert_eq!(pcm.len() % 2, 0);
                sound.extend(pcm);
            }
        }
        prop_assert_eq!(&sound[..], &pcm[..pcm.len() / 2 * 2]);
    }
}
