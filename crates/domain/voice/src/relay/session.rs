//! Opening, losing and renewing the model's session.

use kernel::Timestamp;

use crate::client::ServerMessage;
use crate::model::{
    ConnectError, ModelCommand, ModelLost, NewItem, Retry, SessionConfig, TurnDetection,
};
use crate::relay::effect::Effect;
use crate::relay::gate::Gate;
use crate::relay::state::Relay;
use crate::relay::turns::InProgress;
use crate::relay::upstream::{Age, Next};
use crate::relay::window::Window;
use crate::{ContextMode, ItemId, VoiceError};

impl Relay {
    pub(super) fn on_created(
        &mut self,
        expires_at: Option<Timestamp>,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        self.upstream.created(expires_at, now);
        self.configure(now, out);
    }

    /// All settings, also those the device has changed: once the model has spoken its voice is
    /// fixed, and a change waits for the next session.
    pub(super) fn configure(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let config = self.config(now);
        self.to_model(ModelCommand::Configure(Box::new(config)), out);
    }

    fn config(&mut self, now: Timestamp) -> SessionConfig {
        let is_told_sound = self.turns.again().is_untold();
        let start = &self.setup.start;
        let voice = start
            .voice
            .as_ref()
            .map_or(self.rules.voice.as_str(), |v| v.as_str());
        SessionConfig {
            voice: voice.to_owned(),
            language: start
                .language
                .as_ref()
                .map(|language| language.base().to_owned()),
            turn_detection: if is_told_sound {
                TurnDetection::Manual
            } else {
                self.rules.turn_detection
            },
            tools: self.setup.tools.to_vec(),
            instructions: self.instructions(now, Window::tell_first),
        }
    }

    fn instructions(
        &mut self,
        now: Timestamp,
        tell: fn(&mut Window, Timestamp) -> String,
    ) -> String {
        let mut words = self.rules.persona.clone();
        if let Some(language) = &self.setup.start.language {
            words.push_str("\n\nThe student speaks the language with the tag ");
            words.push_str(language.as_str());
            words.push('.');
        }
        if self.rules.context == ContextMode::Instructions {
            words.push_str("\n\n");
            words.push_str(&tell(&mut self.window, now));
        }
        words
    }

    pub(super) fn on_configured(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let resumes = self.upstream.was_live();
        if !self.upstream.configured(now) {
            return;
        }
        self.quiet.model_alive_at = now;
        self.quiet.model_pinged_at = now;
        self.begin_restore();
        if resumes {
            out.push(Effect::ToClient(ServerMessage::Resumed));
        } else {
            self.say_ready(out);
        }
        if self.rules.context == ContextMode::Instructions && !self.window.is_empty() {
            self.show_desk(out);
        }
    }

    pub(super) fn say_ready(&self, out: &mut Vec<Effect>) {
        out.push(Effect::ToClient(ServerMessage::Ready {
            voice_session: self.setup.id,
            input: self.input.format(),
            output: self.output.format(),
        }));
    }

    fn show_desk(&self, out: &mut Vec<Effect>) {
        let entries = self.window.entries();
        out.push(Effect::ToClient(ServerMessage::Context { entries }));
    }

    /// Tells the model what is on the desk now.
    pub(super) fn tell_desk(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        match self.rules.context {
            ContextMode::Instructions => {
                let instructions = self.instructions(now, Window::tell);
                self.to_model(ModelCommand::Instruct(instructions), out);
            }
            ContextMode::Items => {
                self.desk_items += 1;
                let id = ItemId::from(format!("desk{}", self.desk_items));
                let old = self.desk_item.replace(id.clone());
                let item = NewItem::System(self.window.tell(now));
                self.to_model(ModelCommand::Add { id: Some(id), item }, out);
                if let Some(old) = old {
                    self.to_model(ModelCommand::Delete(old), out);
                }
            }
        }
        self.show_desk(out);
    }

    pub(super) fn on_refused(
        &mut self,
        error: &ConnectError,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        let ConnectError { retry, message } = error.clone();
        self.on_lost(&ModelLost { retry, message }, now, out);
    }

    pub(super) fn on_lost(&mut self, lost: &ModelLost, now: Timestamp, out: &mut Vec<Effect>) {
        if !self.upstream.is_open() {
            return;
        }
        tracing::warn!(
            reason = lost.message,
            "the realtime model's session is lost"
        );
        if lost.retry == Retry::WillNotHelp {
            let code = "connection_refused".to_owned();
            return self.fail(VoiceError::ProviderRefused { code }, now, out);
        }
        out.push(Effect::Disconnect);
        if self.upstream.is_live() {
            self.leave_session(now, out);
        }
        if self.upstream.lost(now) == Next::GiveUp {
            self.fail(VoiceError::ProviderUnavailable, now, out);
        }
    }

    /// What belonged to the session ends with it; what was said and is owed does not.
    fn leave_session(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let spoken = self.hold_speech();
        for turn in self.turns.leave_session(spoken, now) {
            Self::publish(turn, out);
        }
        let is_unheard = self.turns.again().is_untold();
        self.owed |= self.responses.lose() | self.quiet.lose(is_unheard, now);
        self.restore = None;
        self.playback.break_off();
        self.window.forget_told();
        self.desk_item = None;
        self.has_spoken = false;
        self.model_gate = Gate::default();
        out.push(Effect::ToClient(ServerMessage::Reconnecting));
    }

    /// The next session hears what is being said, or may just have begun, since the last turn ended:
    /// a turn from its beginning, of a longer one what may not have been written down yet.
    fn hold_speech(&mut self) -> InProgress {
        let is_whole = self.recent.is_whole();
        if !is_whole {
            self.recent.keep_newest();
        }
        self.hold_recent();
        if self.quiet.is_speaking() && is_whole {
            InProgress::Resumes
        } else {
            InProgress::Breaks
        }
    }

    /// Gives the session up for a new one before the provider ends it.
    pub(super) fn renew_if_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let renew = match self.upstream.age(now) {
            Age::Young => false,
            Age::Old => self.is_quiet(now),
            Age::Dying => self.is_between_turns(now),
        };
        if renew {
            out.push(Effect::Disconnect);
            self.leave_session(now, out);
            self.upstream.renew(now);
        }
    }

    pub(super) fn is_between_turns(&self, now: Timestamp) -> bool {
        !self.quiet.is_speaking() && !self.quiet.answer_expected(now) && self.responses.is_free()
    }

    fn is_quiet(&self, now: Timestamp) -> bool {
        self.is_between_turns(now)
            && self.playback.is_empty()
            && self.running.is_empty()
            && self.held.is_empty()
            && self.restore.is_none()
            && !self.turns.is_waiting(now)
    }
}
