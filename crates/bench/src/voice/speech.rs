//! What is said: frames of the phone and events of the model, made ahead.

use std::f32::consts::TAU;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::wire::{self, Message, Side};

/// Samples of 20 ms at 16 kHz.
const FRAME: usize = 320;
/// Different frames, a second of speech.
const FRAMES: usize = 50;
/// Bytes of 200 ms of PCM16 at 24 kHz.
const DELTA_BYTES: usize = 9_600;
/// Pieces of 200 ms in an answer, and in an answer with the pause behind it.
const ANSWER: u32 = 20;
pub(super) const CYCLE: u32 = 25;

/// What speaks to the model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The product, in the provider's protocol.
    Product,
    /// The bare relay: bytes as they are.
    Bare,
}

/// Frames of a phone, as they go over the wire.
pub(super) static PHONE: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| (0..FRAMES).map(said).collect());

/// A voice of 140 Hz that swells and fades.
fn said(at: usize) -> Vec<u8> {
    let samples = (at * FRAME..(at + 1) * FRAME).map(sample);
    let bytes: Vec<u8> = samples.flat_map(f32::to_le_bytes).collect();
    wire::frame(Side::Client, wire::BINARY, &bytes)
}

#[expect(clippy::cast_precision_loss, reason = "places in one second")]
fn sample(at: usize) -> f32 {
    let seconds = at as f32 / 16_000.0;
    let voice = (TAU * 140.0 * seconds).sin() + 0.4 * (TAU * 420.0 * seconds).sin();
    0.3 * voice * (TAU * 4.0 * seconds).sin().abs()
}

static DELTA: LazyLock<String> = LazyLock::new(|| STANDARD.encode(pcm()));

fn pcm() -> Vec<u8> {
    let bytes = (0..DELTA_BYTES).map(|at| u8::try_from(at * 7 % 251).unwrap_or_default());
    bytes.collect()
}

static BARE_DELTA: LazyLock<Vec<u8>> =
    LazyLock::new(|| wire::frame(Side::Server, wire::BINARY, &pcm()));

impl Kind {
    /// Whether the phone may speak after this text.
    pub(super) fn is_ready(self, message: &Message<'_>) -> bool {
        let word: &[u8] = match self {
            Self::Product => b"\"ready\"",
            Self::Bare => b"session.created",
        };
        message.kind == wire::TEXT && contains(&message.head(200), word)
    }

    /// Whether it is 20 ms of the phone.
    pub(super) fn is_sound_of_phone(self, message: &Message<'_>) -> bool {
        match self {
            Self::Product => {
                let head = message.head(48);
                message.kind == wire::TEXT && contains(&head, b"input_audio_buffer.append")
            }
            Self::Bare => message.kind == wire::BINARY,
        }
    }

    /// The frames of a step of an answer, and the bytes of sound in them. 4 s of speech, 1 s of
    /// none.
    pub(super) fn answer(self, answer: u32, step: u32) -> (Vec<u8>, usize) {
        match (self, step) {
            (_, ANSWER..) if self == Self::Bare || step > ANSWER => (Vec::new(), 0),
            (Self::Bare, _) => (BARE_DELTA.clone(), DELTA_BYTES),
            (Self::Product, ANSWER) => (ending(answer), 0),
            (Self::Product, 0) => ([opening(answer), delta(answer)].concat(), DELTA_BYTES),
            (Self::Product, _) => (delta(answer), DELTA_BYTES),
        }
    }
}

/// What the model says first.
pub(super) fn welcome() -> Vec<u8> {
    let session = json!({ "type": "realtime", "id": "sess_bench", "model": "gpt-bench" });
    text(&json!({ "type": "session.created", "event_id": "e", "session": session }))
}

/// Whether the model is told what lies on the desk, among its settings.
pub(super) fn is_window(message: &Message<'_>) -> bool {
    message.kind == wire::TEXT && contains(&message.head(60), b"\"session.update\"")
}

/// Its answer to an event that comes before the conversation begins.
pub(super) fn reply(message: &Message<'_>) -> Option<Vec<u8>> {
    is_window(message).then(|| {
        let session = json!({ "type": "realtime" });
        text(&json!({ "type": "session.updated", "event_id": "e", "session": session }))
    })
}

fn opening(answer: u32) -> Vec<u8> {
    let (response, item) = names(answer);
    let message = json!({ "id": item, "type": "message", "role": "assistant",
                          "status": "in_progress", "content": [] });
    [
        text(&json!({ "type": "response.created", "event_id": "e",
                      "response": { "id": response, "status": "in_progress" } })),
        text(
            &json!({ "type": "response.output_item.added", "event_id": "e",
                      "response_id": response, "output_index": 0, "item": message }),
        ),
    ]
    .concat()
}

/// A word and 200 ms of sound, as the provider interleaves them.
fn delta(answer: u32) -> Vec<u8> {
    let (response, item) = names(answer);
    let place = format!(
        r#""event_id":"event_bench","response_id":"{response}","item_id":"{item}","output_index":0,"content_index":0"#
    );
    let word =
        format!(r#"{{"type":"response.output_audio_transcript.delta",{place},"delta":" light"}}"#);
    let sound = format!(
        r#"{{"type":"response.output_audio.delta",{place},"delta":"{}"}}"#,
        *DELTA
    );
    let frames = [word, sound].map(|event| wire::frame(Side::Server, wire::TEXT, event.as_bytes()));
    frames.concat()
}

fn ending(answer: u32) -> Vec<u8> {
    let (response, item) = names(answer);
    let usage = json!({ "input_token_details": { "text_tokens": 300, "audio_tokens": 50 },
                        "output_token_details": { "text_tokens": 20, "audio_tokens": 80 } });
    [
        text(&json!({ "type": "response.output_audio.done", "event_id": "e",
                      "response_id": response, "item_id": item, "output_index": 0, "content_index": 0 })),
        text(&json!({ "type": "response.output_audio_transcript.done", "event_id": "e",
                      "response_id": response, "item_id": item, "output_index": 0, "content_index": 0,
                      "transcript": " light".repeat(ANSWER as usize) })),
        text(&json!({ "type": "response.done", "event_id": "e",
                      "response": { "id": response, "status": "completed", "usage": usage } })),
    ]
    .concat()
}

fn names(answer: u32) -> (String, String) {
    (format!("resp_{answer}"), format!("item_{answer}"))
}

fn text(event: &serde_json::Value) -> Vec<u8> {
    wire::frame(Side::Server, wire::TEXT, event.to_string().as_bytes())
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
