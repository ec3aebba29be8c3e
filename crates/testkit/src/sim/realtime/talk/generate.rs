//! Answers as they are made, piece by piece.

use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Talk;
use super::part::{Kind, OpenPart};
use crate::sim::realtime::items::Item;
use crate::sim::realtime::script::{Answer, End, Part};
use crate::sim::realtime::usage::RealtimeUsage;
use crate::sim::realtime::voice;

/// Words run ahead of their sound.
const AHEAD_MS: u64 = 1000;
/// How long a character sounds.
const CHARACTER_MS: u32 = 60;

/// An answer on its way.
#[derive(Debug)]
pub(super) struct Generating {
    pub(super) number: u32,
    pub(super) response_id: String,
    pub(super) in_conversation: bool,
    /// In sound, not in writing.
    pub(super) spoken: bool,
    pub(super) speed: f64,
    pub(super) answer: Answer,
    /// The response object as it was created.
    pub(super) head: Value,
    pub(super) usage: RealtimeUsage,
    /// The part that comes next.
    pub(super) next: usize,
    pub(super) open: Option<OpenPart>,
    pub(super) output: Vec<Value>,
    pub(super) spoken_ms: u32,
    pub(super) due: Instant,
    pub(super) held: bool,
}

/// Words that are being sent.
pub(super) struct Words<'a>(pub(super) &'a str);

impl Generating {
    /// When the next piece comes; `None` while it is held.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.held).then_some(self.due)
    }

    /// Whether the open part is the one that is cut in the middle.
    fn is_cut(&self) -> bool {
        matches!(self.answer.end, End::Incomplete(_)) && self.next == self.answer.parts.len()
    }

    pub(super) fn index(&self) -> usize {
        self.next.saturating_sub(1)
    }
}

impl Talk {
    /// Makes what is due of every answer.
    pub(super) fn generate_due(&mut self, now: Instant) {
        let mut at = 0;
        while at < self.answers.len() && self.ending.is_none() {
            if self.answers[at].due().is_none_or(|due| due > now) {
                at += 1;
                continue;
            }
            let answer = self.answers.remove(at);
            if let Some(answer) = self.step(answer) {
                self.answers.insert(at, answer);
            }
            self.meet_fate();
        }
    }

    /// One piece of an answer; `None` when that was its end.
    fn step(&mut self, mut answer: Generating) -> Option<Generating> {
        if let End::Failed(code) = &answer.answer.end {
            let error = json!({"type": "server_error", "code": code,
                "message": "The server had an error while processing your request."});
            let details = json!({"type": "failed", "error": error});
            self.finish(answer, "failed", details);
            return None;
        }
        if answer.open.is_some() {
            return self.go_on(answer);
        }
        if answer.next == answer.answer.parts.len() {
            self.finish(answer, "completed", Value::Null);
            return None;
        }
        self.open_part(&mut answer);
        Some(answer)
    }

    fn go_on(&mut self, mut answer: Generating) -> Option<Generating> {
        let finished = match answer.open.as_ref().map(|open| &open.kind) {
            Some(Kind::Voice) => self.speak(&mut answer),
            _ => self.write(&mut answer),
        };
        if !finished {
            return Some(answer);
        }
        if !answer.is_cut() {
            self.close_part(&mut answer, "completed");
            return Some(answer);
        }
        self.close_part(&mut answer, "incomplete");
        let reason = match &answer.answer.end {
            End::Incomplete(reason) => reason.clone(),
            _ => String::new(),
        };
        let details = json!({"type": "incomplete", "reason": reason});
        self.finish(answer, "incomplete", details);
        None
    }

    fn open_part(&mut self, answer: &mut Generating) {
        let part = answer.answer.parts[answer.next].clone();
        answer.next += 1;
        let (kind, text, ms) = match part {
            Part::Call { name, arguments } => {
                let call_id = self.ids.call();
                (Kind::Call { name, call_id }, arguments.to_string(), 0)
            }
            Part::Say { text, .. } if !answer.spoken => (Kind::Text, text, 0),
            Part::Say { text, ms } => {
                let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                let ms = ms.unwrap_or(letters.saturating_mul(CHARACTER_MS).max(400));
                (Kind::Voice, text, ms)
            }
        };
        let open = OpenPart {
            item_id: self.ids.next("item"),
            previous: self.items.last_id(),
            kind,
            text,
            sent: 0,
            ms,
            done_ms: 0,
        };
        self.emit_opened(answer, &open);
        self.note_progress(answer, &open.item_id, &Words(""));
        answer.open = Some(open);
    }

    fn emit_opened(&mut self, answer: &Generating, open: &OpenPart) {
        let item = open.item("in_progress");
        let (response_id, index) = (&answer.response_id, answer.index());
        self.emit(
            "response.output_item.added",
            json!({"response_id": response_id, "output_index": index, "item": item}),
        );
        if answer.in_conversation {
            self.emit(
                "conversation.item.added",
                json!({"previous_item_id": open.previous, "item": item}),
            );
            self.items.push(Item {
                id: open.item_id.clone(),
                value: item,
                audio_ms: 0,
                words: String::new(),
            });
        }
        if let Some(part) = open.part() {
            self.emit(
                "response.content_part.added",
                json!({"response_id": response_id, "item_id": open.item_id,
                    "output_index": index, "content_index": 0, "part": part}),
            );
        }
    }

    /// A piece of a written part, all of it at once; true at its end.
    fn write(&mut self, answer: &mut Generating) -> bool {
        let Some(mut open) = answer.open.take() else {
            return true;
        };
        let whole = open.text.len();
        let end = if answer.is_cut() { whole / 2 } else { whole };
        self.send_words(answer, &mut open, end);
        answer.open = Some(open);
        true
    }

    /// A piece of a spoken part, words ahead of sound; true at its end.
    fn speak(&mut self, answer: &mut Generating) -> bool {
        let Some(mut open) = answer.open.take() else {
            return true;
        };
        let end_ms = if answer.is_cut() {
            open.ms / 2
        } else {
            open.ms
        };
        let hold = answer.answer.hold_at_ms.unwrap_or(u32::MAX);
        let allowed = hold.saturating_sub(answer.spoken_ms);
        let ms = (end_ms - open.done_ms)
            .min(self.hub.options.delta_ms)
            .min(allowed);
        if ms > 0 {
            let ahead = u64::from(open.done_ms + ms) + AHEAD_MS;
            let end = share(
                open.text.len(),
                ahead.min(u64::from(end_ms)),
                u64::from(open.ms),
            );
            self.send_words(answer, &mut open, end);
            self.send_sound(answer, &mut open, ms);
        }
        let finished = open.done_ms == end_ms;
        answer.held = !finished && answer.spoken_ms >= hold;
        answer.open = Some(open);
        self.perform_reached(answer);
        finished
    }

    fn send_words(&mut self, answer: &Generating, open: &mut OpenPart, end: usize) {
        let name = match open.kind {
            Kind::Voice => "response.output_audio_transcript.delta",
            Kind::Text => "response.output_text.delta",
            Kind::Call { .. } => "response.function_call_arguments.delta",
        };
        while open.sent < end {
            let rest = &open.text[open.sent..];
            let length = rest[1..].find(' ').map_or(rest.len(), |at| at + 1);
            let word = &rest[..length];
            let junk = self.obfuscation(word);
            let mut fields = json!({"response_id": answer.response_id, "item_id": open.item_id,
                "output_index": answer.index(), "delta": word, "obfuscation": junk});
            match &open.kind {
                Kind::Call { call_id, .. } => fields["call_id"] = json!(call_id),
                _ => fields["content_index"] = json!(0),
            }
            self.emit(name, fields);
            if open.part().is_some() {
                self.note_progress(answer, &open.item_id, &Words(word));
            }
            open.sent += length;
        }
    }

    fn send_sound(&mut self, answer: &mut Generating, open: &mut OpenPart, ms: u32) {
        let sound = self.sound(answer.number, open.done_ms, ms);
        // Built by hand: most of what is sent is this.
        let text = format!(
            r#"{{"type":"response.output_audio.delta","event_id":"{}","response_id":"{}","item_id":"{}","output_index":{},"content_index":0,"delta":"{sound}"}}"#,
            self.ids.next("event"),
            answer.response_id,
            open.item_id,
            answer.index(),
        );
        self.send(text, true);
        open.done_ms += ms;
        answer.spoken_ms += ms;
        self.spoken_ms += u64::from(ms);
        self.has_spoken = true;
        if let Some(item) = self.items.find(&open.item_id) {
            item.audio_ms = u64::from(open.done_ms);
        }
        if answer.speed > 0.0 {
            answer.due += Duration::from_secs_f64(f64::from(ms) / 1000.0 / answer.speed);
        }
        self.note_progress(answer, &open.item_id, &Words(""));
    }

    fn sound(&self, number: u32, from_ms: u32, ms: u32) -> String {
        static READY: OnceLock<String> = OnceLock::new();
        let options = &self.hub.options;
        if options.marks {
            return STANDARD.encode(voice::bytes(&voice::speech(number, from_ms, ms)));
        }
        let ready = READY.get_or_init(|| STANDARD.encode(voice::bytes(&voice::speech(0, 0, 1000))));
        // 48 bytes a millisecond are 64 letters.
        let letters = usize::try_from(ms).unwrap_or_default() * 64;
        ready.get(..letters).unwrap_or(ready).to_owned()
    }

    /// Deeds of the script that this much sound calls for.
    fn perform_reached(&mut self, answer: &mut Generating) {
        let spoken = answer.spoken_ms;
        let reached = |(ms, _): &mut (u32, _)| *ms <= spoken;
        let deeds: Vec<_> = answer.answer.deeds.extract_if(.., reached).collect();
        for (_, deed) in deeds {
            self.perform(deed);
        }
    }
}

/// A part of a length.
fn share(length: usize, of: u64, whole: u64) -> usize {
    let share = length as u64 * of.min(whole) / whole.max(1);
    usize::try_from(share).unwrap_or(length)
}
