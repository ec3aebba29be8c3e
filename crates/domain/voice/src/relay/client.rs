//! What the device does.

use bytes::Bytes;
use kernel::Timestamp;

use crate::client::{BadMessage, ClientEvent, ClientMessage, ServerMessage, Start};
use crate::model::{ModelCommand, NewItem};
use crate::relay::delta;
use crate::relay::effect::Effect;
use crate::relay::gate::Passage;
use crate::relay::input::InputPath;
use crate::relay::output::OutputPath;
use crate::relay::state::Relay;
use crate::{ContextEntry, EndReason, Track, VoiceError};

/// The longest binary frame.
const MAX_FRAME: usize = 64 * 1024;
/// The longest written question.
const MAX_TEXT_CHARS: usize = 4_000;
/// A frame of 20 ms on its way to the model: base64 of 960 bytes in an event.
pub(super) const WIRE_BYTES: usize = 1_340;
const FRAME_MS: i64 = 20;
/// All frames kept for the model's next session: 8 s, 384 KB.
const KEPT: usize = 400;

impl Relay {
    pub(super) fn on_client(&mut self, event: ClientEvent, now: Timestamp, out: &mut Vec<Effect>) {
        self.quiet.client_alive_at = now;
        match event {
            ClientEvent::Audio(frame) => self.on_audio(&frame, now, out),
            ClientEvent::Message(message) => self.on_message(message, now, out),
            ClientEvent::Unreadable(BadMessage(why)) => {
                Self::complain(VoiceError::BadMessage(why), out);
            }
            ClientEvent::Unknown { name } => Self::complain(VoiceError::UnknownMessage(name), out),
            ClientEvent::TooLong { limit } => {
                self.fail(VoiceError::MessageTooLong { limit }, now, out);
            }
            ClientEvent::SignedOut => self.fail(VoiceError::Unauthenticated, now, out),
            ClientEvent::Alive => {}
        }
    }

    fn on_message(&mut self, message: ClientMessage, now: Timestamp, out: &mut Vec<Effect>) {
        match message {
            ClientMessage::Start(start) => self.on_start(start, out),
            ClientMessage::Text(text) => self.on_text(text.trim(), now, out),
            ClientMessage::Interrupt => {
                self.quiet.active_at = now;
                self.take_word(now, out);
            }
            ClientMessage::Played { item, ms } => {
                if let Some(lower) = self.playback.played(&item, ms, now) {
                    self.truncate(lower, out);
                }
            }
            ClientMessage::Image(event) => out.push(Effect::FindPicture(event)),
            ClientMessage::Ping => out.push(Effect::ToClient(ServerMessage::Pong)),
            ClientMessage::End => self.end(EndReason::client(), now, out),
        }
    }

    fn on_audio(&mut self, frame: &Bytes, now: Timestamp, out: &mut Vec<Effect>) {
        let sample_bytes = self.input.format().encoding.sample_bytes();
        let mut converted = std::mem::take(&mut self.converted);
        let fits = frame.len() <= MAX_FRAME;
        if fits && self.input.push(frame, &mut converted).is_ok() {
            if !converted.record.is_empty() {
                out.push(Effect::Record(
                    Track::Input,
                    std::mem::take(&mut converted.record),
                ));
            }
            for frame in converted.frames.drain(..) {
                self.upload(frame, now, out);
            }
        } else {
            let len = frame.len();
            Self::complain(VoiceError::BadAudioFrame { len, sample_bytes }, out);
        }
        self.converted = converted;
    }

    /// To the model, in order; kept while it does not listen.
    fn upload(&mut self, frame: Bytes, now: Timestamp, out: &mut Vec<Effect>) {
        if self.over {
            return;
        }
        if self.listens() && self.held.is_empty() {
            self.append_audio(frame, now, out);
            return;
        }
        self.held.push_back(frame);
        let excess = self.held.len().saturating_sub(self.most_held());
        if excess == 0 {
            return;
        }
        self.held.drain(..excess);
        self.dropped.frames += excess as u64;
        if self.listens() {
            // The queue behind it is full too.
            self.ask_model_gate(now, out);
        }
    }

    fn append_audio(&mut self, frame: Bytes, now: Timestamp, out: &mut Vec<Effect>) {
        match self.ask_model_gate(now, out) {
            Passage::Open => {
                self.waiting.model += WIRE_BYTES;
                self.remember(frame.clone());
                out.push(Effect::ToModel(ModelCommand::AppendAudio(frame)));
            }
            Passage::Drop => self.dropped.frames += 1,
            Passage::Close => {}
        }
    }

    /// For the next session: of what is being said, and of turns whose words have not come, as much
    /// together as is kept of what is said between two sessions.
    fn remember(&mut self, frame: Bytes) {
        self.recent.push(frame);
        if !self.quiet.is_speaking() {
            return self.recent.keep_newest();
        }
        let most = self.kept_frames();
        while self.recent.len() > 0 && self.recent.len() + self.turns.kept_frames() > most {
            if !self.turns.forget_oldest_sound() {
                self.recent.cut();
            }
        }
    }

    fn kept_frames(&self) -> usize {
        let kept = delta(self.rules.reconnect.keep_audio).num_milliseconds() / FRAME_MS;
        usize::try_from(kept).unwrap_or(usize::MAX)
    }

    /// Sound that is held does not push out a question that has to be heard again.
    fn most_held(&self) -> usize {
        let room = KEPT.saturating_sub(self.turns.kept_frames() + self.recent.len());
        self.kept_frames().min(room)
    }

    fn ask_model_gate(&mut self, now: Timestamp, out: &mut Vec<Effect>) -> Passage {
        let marks = self.rules.watermarks;
        let passage = self.model_gate.ask(self.waiting.model, WIRE_BYTES, marks);
        if passage == Passage::Close {
            self.fail(VoiceError::Backpressure { side: "model" }, now, out);
        }
        passage
    }

    /// The session ends while somebody speaks, or may just have begun to: the next one hears it.
    pub(super) fn hold_recent(&mut self) {
        for frame in self.recent.drain_back() {
            self.held.push_front(frame);
        }
    }

    /// Sends what was kept, as far as the model takes it.
    pub(super) fn release_held(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while self.listens() && self.model_has_room() {
            let Some(frame) = self.held.pop_front() else {
                return;
            };
            self.append_audio(frame, now, out);
        }
    }

    /// The device says how it wants to talk. What was agreed on is told again.
    fn on_start(&mut self, start: Start, out: &mut Vec<Effect>) {
        let same = start.session.is_none() || start.session == self.setup.start.session;
        if self.input.has_heard() || !same {
            let why = "start comes before audio and cannot change the session".to_owned();
            return Self::complain(VoiceError::BadMessage(why), out);
        }
        let Start {
            session: _,
            input,
            output,
            voice,
            language,
        } = start;
        if let Some(format) = input {
            self.input = InputPath::new(format);
        }
        if let Some(format) = output {
            self.output = OutputPath::new(format);
        }
        let known = &mut self.setup.start;
        let changed = (voice.is_some() && voice != known.voice)
            || (language.is_some() && language != known.language);
        known.voice = voice.or(known.voice.take());
        known.language = language.or(known.language.take());
        if self.upstream.is_live() {
            if changed && !self.has_spoken {
                self.configure(self.quiet.client_alive_at, out);
            }
            self.say_ready(out);
        }
    }

    fn on_text(&mut self, text: &str, now: Timestamp, out: &mut Vec<Effect>) {
        if text.is_empty() || text.chars().count() > MAX_TEXT_CHARS {
            let why = format!("text holds 1 to {MAX_TEXT_CHARS} characters");
            return Self::complain(VoiceError::BadMessage(why), out);
        }
        self.quiet.active_at = now;
        self.take_word(now, out);
        let turn = self.turns.write(text, now);
        self.tell_turn(turn.index, NewItem::UserText(text.to_owned()), out);
        out.push(Effect::Store(turn));
        self.want_answer(out);
    }

    pub(super) fn on_picture(
        &mut self,
        picture: Option<ContextEntry>,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        let Some(picture) = picture else {
            return Self::complain(VoiceError::AnalysisNotFound, out);
        };
        self.quiet.active_at = now;
        self.take_word(now, out);
        let subtopic = picture.subtopic.as_deref().unwrap_or("no subtopic");
        let text: String = picture
            .text
            .chars()
            .take(ContextEntry::MAX_TEXT_CHARS)
            .collect();
        let topic = &picture.topic;
        let words = format!("Look at this picture. {topic} ({subtopic}); it reads: {text:?}");
        if self.listens() {
            self.add(NewItem::UserText(words), out);
        } else {
            self.pointed_at = Some(words);
        }
        self.want_answer(out);
    }

    pub(super) fn add(&self, item: NewItem, out: &mut Vec<Effect>) {
        self.to_model(ModelCommand::Add { id: None, item }, out);
    }
}
