//! The input buffer and the turns in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{LateCancel, Talk};
use crate::sim::realtime::items::Item;
use crate::sim::realtime::options::Keep;
use crate::sim::realtime::session::TurnDetection;
use crate::sim::realtime::shape::Mistake;
use crate::sim::realtime::vad::{FRAME_MS, Turn, Vad};
use crate::sim::realtime::voice::{self, PER_MS};

/// Bytes of one append.
const MAX_APPEND: usize = 15 * 1024 * 1024;
/// The shortest turn that can be committed.
const SHORTEST_MS: u64 = 100;

/// What is heard and not yet committed. Times are ms of sound since the connection's start.
#[derive(Debug)]
pub(super) struct Ear {
    detection: Option<TurnDetection>,
    vad: Vad,
    samples: u64,
    /// Where the buffer begins.
    from_ms: u64,
    speech: Option<Speech>,
    /// Loudness of the buffer's frames, from frame `first_frame` on.
    loudness: Vec<f32>,
    first_frame: u64,
}

#[derive(Debug)]
struct Speech {
    item_id: String,
    start_ms: u64,
}

impl Ear {
    pub(super) fn new(detection: Option<TurnDetection>) -> Self {
        Self {
            detection,
            vad: Vad::default(),
            samples: 0,
            from_ms: 0,
            speech: None,
            loudness: Vec::new(),
            first_frame: 0,
        }
    }

    pub(super) fn set(&mut self, detection: Option<TurnDetection>) {
        if detection.is_none() {
            self.vad.reset();
            self.speech = None;
        }
        self.detection = detection;
    }

    pub(super) fn detection(&self) -> Option<TurnDetection> {
        self.detection
    }

    pub(super) fn is_within_speech(&self) -> bool {
        self.speech.is_some()
    }

    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.samples / PER_MS as u64
    }

    fn listen(&mut self, samples: &[i16], remember: bool) -> Vec<Turn> {
        self.samples += samples.len() as u64;
        let sense = self.detection.map(|detection| detection.sense);
        let loudness = &mut self.loudness;
        self.vad.listen(samples, sense, |level| {
            if remember {
                loudness.push(level);
            }
        })
    }

    /// Loudness between two times; what is older is forgotten.
    fn take(&mut self, from_ms: u64, to_ms: u64) -> Vec<f32> {
        self.forget_before(from_ms);
        let count = frames_between(self.first_frame, to_ms);
        let taken = self.loudness.iter().take(count).copied().collect();
        self.forget_before(to_ms);
        self.from_ms = to_ms;
        taken
    }

    fn forget_before(&mut self, ms: u64) {
        let excess = frames_between(self.first_frame, ms);
        let excess = excess.min(self.loudness.len());
        self.loudness.drain(..excess);
        self.first_frame += excess as u64;
    }
}

/// Whole frames from frame `first` to a time.
fn frames_between(first: u64, to_ms: u64) -> usize {
    let frames = (to_ms / FRAME_MS).saturating_sub(first);
    usize::try_from(frames).unwrap_or(usize::MAX)
}

impl Talk {
    pub(super) fn append(&mut self, audio: &str) -> Result<(), Mistake> {
        let wrong = |message: &str| Mistake::new("invalid_value", message).of("audio");
        if audio.len() > MAX_APPEND {
            return Err(wrong("Invalid 'audio'. Expected at most 15 MiB."));
        }
        let bytes = STANDARD.decode(audio).ok();
        let bytes = bytes.filter(|bytes| bytes.len().is_multiple_of(2));
        let bytes = bytes.ok_or_else(|| {
            wrong(
                "Invalid 'audio'. Expected base64-encoded audio bytes (mono PCM16 at 24kHz) but \
                 got an invalid value.",
            )
        })?;
        self.hear(&voice::samples(&bytes));
        Ok(())
    }

    fn hear(&mut self, samples: &[i16]) {
        if self.entry.keep == Keep::Everything {
            let mut record = self.entry.record();
            record.sound.extend_from_slice(samples);
        }
        let remember = self.hub.options.knows_clips;
        for turn in self.ear.listen(samples, remember) {
            match turn {
                Turn::Began { at_ms } => self.speech_begins(at_ms),
                Turn::Ended { at_ms } => self.speech_ends(at_ms),
            }
        }
    }

    fn speech_begins(&mut self, at_ms: u64) {
        let Some(detection) = self.ear.detection() else {
            return;
        };
        let start_ms = at_ms
            .saturating_sub(detection.prefix_ms)
            .max(self.ear.from_ms);
        let item_id = self.ids.next("item");
        self.emit(
            "input_audio_buffer.speech_started",
            json!({"audio_start_ms": start_ms, "item_id": item_id}),
        );
        self.ear.speech = Some(Speech { item_id, start_ms });
        self.idle_due = None;
        if detection.interrupts_response {
            self.interrupt();
        }
    }

    fn speech_ends(&mut self, at_ms: u64) {
        let (Some(detection), Some(speech)) = (self.ear.detection(), self.ear.speech.take()) else {
            return;
        };
        self.emit(
            "input_audio_buffer.speech_stopped",
            json!({"audio_end_ms": at_ms, "item_id": speech.item_id}),
        );
        self.commit_turn(speech.item_id, speech.start_ms, at_ms);
        if detection.creates_response {
            let created = self.create_response(&Value::Null);
            self.told(created, None);
        }
    }

    pub(super) fn commit(&mut self) -> Result<(), Mistake> {
        let (from_ms, to_ms) = (self.ear.from_ms, self.ear.now_ms());
        let length = to_ms - from_ms;
        if length < SHORTEST_MS {
            let message = format!(
                "Error committing input audio buffer: buffer too small. Expected at least \
                 {SHORTEST_MS}ms of audio, but buffer only has {length}.00ms of audio."
            );
            return Err(Mistake::new("input_audio_buffer_commit_empty", message));
        }
        self.ear.vad.reset();
        let speech = self.ear.speech.take();
        let item_id = speech.map(|speech| speech.item_id);
        let item_id = item_id.unwrap_or_else(|| self.ids.next("item"));
        self.commit_turn(item_id, from_ms, to_ms);
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.ear.vad.reset();
        self.ear.speech = None;
        let now_ms = self.ear.now_ms();
        self.ear.take(now_ms, now_ms);
        self.emit("input_audio_buffer.cleared", json!({}));
    }

    /// Makes an item of the buffer between two times.
    pub(super) fn commit_turn(&mut self, item_id: String, from_ms: u64, to_ms: u64) {
        let loudness = self.ear.take(from_ms, to_ms);
        let previous = self.items.last_id();
        self.emit(
            "input_audio_buffer.committed",
            json!({"previous_item_id": previous, "item_id": item_id}),
        );
        let value = json!({"id": item_id, "type": "message", "status": "completed",
            "role": "user", "content": [{"type": "input_audio", "transcript": null}]});
        let transcribing = self.transcribe(&item_id, &loudness, to_ms - from_ms);
        self.items.push(Item {
            id: item_id,
            value: value.clone(),
            audio_ms: to_ms - from_ms,
            words: transcribing.words.clone(),
        });
        self.emit_item(&value, &previous);
        self.after_turn();
        if self.session.transcribes() {
            self.transcribing.push(transcribing);
        }
    }

    pub(super) fn emit_item(&mut self, item: &Value, previous: &Value) {
        for kind in ["conversation.item.added", "conversation.item.done"] {
            self.emit(kind, json!({"previous_item_id": previous, "item": item}));
        }
        self.note_items();
    }

    /// Lets go what waited for this turn.
    fn after_turn(&mut self) {
        if self.late_cancel == LateCancel::Possible {
            self.late_cancel = LateCancel::Impossible;
        }
        for held in std::mem::take(&mut self.held_truncated) {
            self.emit("conversation.item.truncated", held);
        }
        self.release_transcripts();
    }
}
