//! What the separate transcriber makes of the student's turns.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::Talk;
use crate::sim::realtime::script::{Comes, Transcript};

/// A transcript on its way.
#[derive(Debug)]
pub(super) struct Transcribing {
    /// `None` waits for the next turn.
    pub(super) due: Option<Instant>,
    item_id: String,
    pub(super) words: String,
    seconds: u64,
    fails: bool,
    /// What the script had for the turn.
    scripted: Option<Transcript>,
}

impl Talk {
    /// What will be said of a turn, by the script or by its sound.
    pub(super) fn transcribe(&self, item_id: &str, loudness: &[f32], ms: u64) -> Transcribing {
        // Where nobody spoke there is nothing to write down.
        let is_silent = ms == 0;
        let scripted = if is_silent {
            None
        } else {
            self.hub.player().transcript()
        };
        let usual = || {
            if is_silent {
                Transcript::text("")
            } else {
                Transcript::default()
            }
        };
        let script = scripted.clone().unwrap_or_else(usual);
        let words = script.text.or_else(|| self.hub.words_of(loudness));
        let delay = match script.comes {
            Comes::Usual => Some(self.hub.options.transcription_delay),
            Comes::AfterMs(ms) => Some(Duration::from_millis(ms)),
            Comes::AfterNextTurn => None,
        };
        Transcribing {
            due: delay.map(|delay| Instant::now() + delay),
            item_id: item_id.to_owned(),
            words: words.unwrap_or_else(|| format!("Speech of {ms} milliseconds.")),
            seconds: ms.div_ceil(1000),
            fails: script.fails,
            scripted,
        }
    }

    /// The session ends: scripted transcripts that were not sent are those of the next turns.
    pub(in crate::sim::realtime) fn give_back_transcripts(&mut self) {
        let unsent = std::mem::take(&mut self.transcribing);
        let scripted = unsent.into_iter().rev().filter_map(|t| t.scripted);
        scripted.for_each(|transcript| self.hub.player().give_back(transcript));
    }

    /// The turn that some transcripts waited for is there.
    pub(super) fn release_transcripts(&mut self) {
        let now = Instant::now();
        for waiting in &mut self.transcribing {
            waiting.due = Some(waiting.due.unwrap_or(now));
        }
    }

    pub(super) fn transcribe_due(&mut self, now: Instant) {
        let is_due = |t: &mut Transcribing| t.due.is_some_and(|due| due <= now);
        let due: Vec<_> = self.transcribing.extract_if(.., is_due).collect();
        for transcribing in due {
            self.write_down(&transcribing);
        }
    }

    fn write_down(&mut self, done: &Transcribing) {
        if done.fails {
            let error = json!({"type": "server_error", "code": "audio_unintelligible",
                "message": "The audio could not be transcribed.", "param": null});
            let fields = json!({"item_id": done.item_id, "content_index": 0, "error": error});
            return self.emit("conversation.item.input_audio_transcription.failed", fields);
        }
        for word in done.words.split_inclusive(' ') {
            let junk = self.obfuscation(word);
            self.emit(
                "conversation.item.input_audio_transcription.delta",
                json!({"item_id": done.item_id, "content_index": 0, "delta": word,
                    "obfuscation": junk}),
            );
        }
        self.emit(
            "conversation.item.input_audio_transcription.completed",
            json!({"item_id": done.item_id, "content_index": 0, "transcript": done.words,
                "usage": {"type": "duration", "seconds": done.seconds}}),
        );
        if let Some(item) = self.items.find(&done.item_id) {
            item.value["content"][0]["transcript"] = json!(done.words);
        }
        self.note_items();
    }
}
