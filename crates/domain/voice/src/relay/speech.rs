//! Who has the word.

use kernel::Timestamp;

use crate::client::{ServerMessage, Speaker, Stage};
use crate::model::ModelCommand;
use crate::relay::answer::Answer;
use crate::relay::effect::Effect;
use crate::relay::playback::Interruption;
use crate::relay::responses::{Ask, Stop};
use crate::relay::state::Relay;
use crate::{ItemId, Turn};

impl Relay {
    pub(super) fn on_speech_started(
        &mut self,
        item: &ItemId,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        self.quiet.active_at = now;
        self.quiet.speech_started();
        self.recent.begin();
        self.turns.begin_speech(item, now);
        out.push(Effect::ToClient(ServerMessage::SpeechStarted));
        if self.rules.turn_detection.model_cancels() {
            // A cancel of ours would race with the model's and could stop the next answer.
            self.word += 1;
            self.responses.forget_wanted();
            self.responses.mute();
            self.cut(now, out);
        } else {
            self.take_word(now, out);
        }
    }

    /// The student has the word and the model would go on: stop it.
    pub(super) fn take_word(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.word += 1;
        self.stop_answer(now, out);
    }

    fn stop_answer(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Stop::Cancel(response) = self.responses.stop() {
            self.to_model(ModelCommand::CancelResponse(response), out);
        }
        self.cut(now, out);
    }

    /// Nothing more of what plays is to be heard. The device is told even when nothing plays as
    /// far as we know: its speaker may be behind.
    fn cut(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        out.push(Effect::ForgetClientAudio);
        self.output.reset();
        for interruption in self.playback.interrupt(now, self.unsent()) {
            let (item, heard_ms) = (interruption.item.clone(), interruption.heard_ms);
            self.truncate(interruption, out);
            out.push(Effect::ToClient(ServerMessage::Interrupted {
                item,
                heard_ms,
            }));
        }
        self.waiting.client_audio = 0;
    }

    /// The model is to know what was heard. What came over a lost connection it never had.
    pub(super) fn truncate(&self, cut: Interruption, out: &mut Vec<Effect>) {
        if !self.upstream.is_live() || cut.connection != self.upstream.connection() {
            return;
        }
        let command = if cut.received_ms == 0 {
            ModelCommand::Delete(cut.item)
        } else {
            ModelCommand::Truncate {
                item: cut.item,
                content_index: cut.content_index,
                ms: cut.heard_ms,
            }
        };
        self.to_model(command, out);
    }

    /// Somebody waits for an answer.
    pub(super) fn want_answer(&mut self, out: &mut Vec<Effect>) {
        if !self.listens() {
            self.owed = true;
        } else if self.responses.want() == Ask::Now {
            self.to_model(ModelCommand::CreateResponse, out);
        }
    }

    /// An answer is final: the device and the store get what was heard of it.
    pub(super) fn conclude(&mut self, answer: &Answer, out: &mut Vec<Effect>) {
        if let Some(turn) = self.turns.answered(answer) {
            Self::publish(turn, out);
        }
    }

    pub(super) fn publish_some(turn: Option<Turn>, out: &mut Vec<Effect>) {
        if let Some(turn) = turn {
            Self::publish(turn, out);
        }
    }

    pub(super) fn publish(turn: Turn, out: &mut Vec<Effect>) {
        out.push(Effect::ToClient(ServerMessage::Transcript {
            role: turn.speaker,
            item: turn.item.clone(),
            text: turn.text.clone(),
            stage: Stage::Final,
        }));
        out.push(Effect::Store(turn));
    }

    pub(super) fn on_input_words(&mut self, item: ItemId, text: String, out: &mut Vec<Effect>) {
        self.turns.hear(&item, &text);
        out.push(Effect::ToClient(ServerMessage::Transcript {
            role: Speaker::Student,
            item,
            text,
            stage: Stage::Partial,
        }));
    }
}
