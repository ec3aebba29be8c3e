//! What the model tells.

use bytes::Bytes;
use kernel::Timestamp;

use crate::client::{ServerMessage, Speaker, Stage};
use crate::model::{
    CommandKind, ErrorClass, ModelCommand, ModelError, ModelEvent, ModelLost, ResponseStatus, Retry,
};
use crate::relay::answer::{Answer, BYTES_PER_MS, Sound};
use crate::relay::effect::Effect;
use crate::relay::gate::Passage;
use crate::relay::responses::{Ask, Stop};
use crate::relay::state::Relay;
use crate::{ItemId, ResponseId, Track, Usage, VoiceError};

const BUSY: &str = "conversation_already_has_active_response";

impl Relay {
    pub(super) fn on_model(&mut self, event: ModelEvent, now: Timestamp, out: &mut Vec<Effect>) {
        self.quiet.model_alive_at = now;
        match event {
            ModelEvent::AnswerAudio {
                response,
                item,
                content_index,
                pcm,
            } => {
                self.on_answer_audio((response, item, content_index), pcm, now, out);
            }
            ModelEvent::SessionCreated { expires_at } => self.on_created(expires_at, now, out),
            ModelEvent::SessionUpdated => self.on_configured(now, out),
            ModelEvent::Error(error) => self.on_error(error, now, out),
            ModelEvent::SpeechStarted { .. }
            | ModelEvent::SpeechStopped { .. }
            | ModelEvent::SpeechCommitted { .. }
            | ModelEvent::InputTranscriptDelta { .. }
            | ModelEvent::InputTranscriptDone { .. }
            | ModelEvent::InputTranscriptFailed { .. } => self.on_student(event, now, out),
            ModelEvent::ResponseCreated { .. }
            | ModelEvent::AnswerItemAdded { .. }
            | ModelEvent::AnswerAudioDone { .. }
            | ModelEvent::AnswerTranscriptDelta { .. }
            | ModelEvent::AnswerTranscriptDone { .. }
            | ModelEvent::FunctionCall(_)
            | ModelEvent::ResponseDone { .. } => self.on_answer(event, now, out),
            ModelEvent::Truncated { .. }
            | ModelEvent::Deleted { .. }
            | ModelEvent::RateLimits { .. }
            | ModelEvent::Pong
            | ModelEvent::Unknown { .. } => {}
        }
    }

    fn on_student(&mut self, event: ModelEvent, now: Timestamp, out: &mut Vec<Effect>) {
        match event {
            ModelEvent::SpeechStarted { item } => self.on_speech_started(&item, now, out),
            ModelEvent::SpeechStopped { item } => {
                self.turns.begin_speech(&item, now);
                self.turns.keep(&item, self.recent.take());
                self.quiet.active_at = now;
                self.quiet.speech_stopped(now);
                out.push(Effect::ToClient(ServerMessage::SpeechStopped));
            }
            ModelEvent::SpeechCommitted { item } => self.turns.committed(&item, now),
            ModelEvent::InputTranscriptDelta { item, text } => {
                self.on_input_words(item, text, out);
            }
            ModelEvent::InputTranscriptDone { item, text } => {
                let turn = self.turns.end_speech(&item, &text, now);
                Self::publish_some(turn, out);
            }
            ModelEvent::InputTranscriptFailed { item } => {
                let turn = self.turns.give_up_speech(&item, now);
                Self::publish_some(turn, out);
            }
            _ => {}
        }
    }

    fn on_answer(&mut self, event: ModelEvent, now: Timestamp, out: &mut Vec<Effect>) {
        match event {
            ModelEvent::ResponseCreated { response } => {
                self.quiet.active_at = now;
                self.quiet.answer_began();
                if let Stop::Cancel(response) = self.responses.created(response) {
                    self.to_model(ModelCommand::CancelResponse(response), out);
                }
            }
            ModelEvent::AnswerItemAdded { response, item } => {
                if self.responses.is_muted(&response) {
                    // Nothing of it was heard.
                    self.to_model(ModelCommand::Delete(item), out);
                } else {
                    self.answer(&item, &response, now, out);
                }
            }
            ModelEvent::AnswerAudioDone { item, .. } => self.playback.complete(&item),
            ModelEvent::AnswerTranscriptDelta {
                response,
                item,
                text,
            } => {
                self.on_answer_words((&response, item), text, now, out);
            }
            ModelEvent::AnswerTranscriptDone {
                response,
                item,
                text,
            } if !self.responses.is_muted(&response) => {
                self.answer(&item, &response, now, out).said(&text);
            }
            ModelEvent::FunctionCall(call) if !self.responses.is_muted(&call.response) => {
                self.on_call(call, now, out);
            }
            ModelEvent::ResponseDone {
                response,
                status,
                usage,
            } => {
                self.on_response_done((&response, status), usage, now, out);
            }
            _ => {}
        }
    }

    /// The answer of this item; a new one begins to play after those before it.
    fn answer(
        &mut self,
        item: &ItemId,
        response: &ResponseId,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) -> &mut Answer {
        let is_new = self.playback.find(item).is_none();
        if is_new {
            out.push(Effect::ToClient(ServerMessage::ResponseStarted {
                item: item.clone(),
            }));
        }
        let (turns, connection) = (&mut self.turns, self.upstream.connection());
        self.playback.find_or_begin(item, || {
            let mut answer = Answer::new(item.clone(), response.clone(), turns.place(), now);
            answer.connection = connection;
            answer
        })
    }

    fn on_answer_audio(
        &mut self,
        (response, item, content_index): (ResponseId, ItemId, u32),
        pcm: Bytes,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        if self.responses.is_muted(&response) {
            return;
        }
        let answer = self.answer(&item, &response, now, out);
        if answer.cut.is_some() {
            return;
        }
        let bytes = pcm.len() as u64;
        answer.content_index = content_index;
        answer.received += bytes;
        self.has_spoken = true;
        self.quiet.active_at = now;
        let audio = self.output.convert(&pcm);
        let marks = self.rules.watermarks;
        match self
            .client_gate
            .ask(self.waiting.client_audio, audio.len(), marks)
        {
            Passage::Open => {
                self.waiting.client_audio += audio.len();
                self.playback.sent(&item, bytes, now);
                out.push(Effect::AudioToClient(audio));
                out.push(Effect::Record(Track::Output, pcm));
            }
            Passage::Drop => self.dropped.frames += bytes.div_ceil(20 * BYTES_PER_MS),
            Passage::Close => {
                self.fail(VoiceError::Backpressure { side: "device" }, now, out);
            }
        }
    }

    fn on_answer_words(
        &mut self,
        (response, item): (&ResponseId, ItemId),
        text: String,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        if self.responses.is_muted(response) {
            return;
        }
        self.answer(&item, response, now, out).say(&text);
        let (role, stage) = (Speaker::Tutor, Stage::Partial);
        out.push(Effect::ToClient(ServerMessage::Transcript {
            role,
            item,
            text,
            stage,
        }));
    }

    fn on_response_done(
        &mut self,
        (response, status): (&ResponseId, ResponseStatus),
        usage: Option<Usage>,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        self.quiet.active_at = now;
        if let Some(used) = usage {
            self.usage += used;
            out.push(Effect::Meter(self.usage));
        }
        let end = match &status {
            ResponseStatus::Completed | ResponseStatus::Incomplete { .. } => Sound::Complete,
            ResponseStatus::Cancelled | ResponseStatus::Failed { .. } => Sound::BrokenOff,
        };
        self.playback.close_response(response, end);
        let failed = match &status {
            ResponseStatus::Failed { code } => Some(code.clone()),
            _ => None,
        };
        out.push(Effect::ToClient(ServerMessage::ResponseDone {
            status,
            usage,
        }));
        if let Some(code) = failed {
            Self::complain(VoiceError::AnswerFailed { code }, out);
        }
        if self.responses.done(response) == Ask::Now {
            self.to_model(ModelCommand::CreateResponse, out);
        }
    }

    fn on_error(&mut self, error: ModelError, now: Timestamp, out: &mut Vec<Effect>) {
        let ModelError {
            code,
            message,
            about,
            class,
        } = error;
        match class {
            ErrorClass::Benign if code == BUSY => self.responses.busy(),
            ErrorClass::Benign => {}
            ErrorClass::Fatal => {
                tracing::error!(code, message, "the realtime provider refuses");
                self.fail(VoiceError::ProviderRefused { code }, now, out);
            }
            ErrorClass::SessionEnds => {
                let (retry, message) = (Retry::MayHelp, code);
                self.on_lost(&ModelLost { retry, message }, now, out);
            }
            ErrorClass::Rejected => {
                tracing::warn!(code, message, about = ?about, "the realtime model rejects a command");
                self.on_rejected(about, code, now, out);
            }
        }
    }

    fn on_rejected(
        &mut self,
        about: Option<CommandKind>,
        code: String,
        now: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        match about {
            Some(CommandKind::Configure) if !self.upstream.is_live() => {
                self.fail(VoiceError::ProviderRefused { code }, now, out);
            }
            Some(CommandKind::CreateResponse) => {
                self.responses.refused();
                Self::complain(VoiceError::AnswerFailed { code }, out);
            }
            _ => {}
        }
    }
}
