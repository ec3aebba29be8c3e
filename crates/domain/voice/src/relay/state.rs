//! The relay's state, and its three doors: `new`, `handle`, `next_deadline`.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use kernel::{Timestamp, VoiceSessionId};

use crate::client::{AudioFormat, ServerMessage, Start};
use crate::model::{ModelCommand, ToolSpec};
use crate::relay::effect::{Effect, Event, Farewell, Waiting};
use crate::relay::gate::Gate;
use crate::relay::input::{Converted, InputPath};
use crate::relay::kept::Recent;
use crate::relay::output::OutputPath;
use crate::relay::playback::Playback;
use crate::relay::quiet::Quiet;
use crate::relay::responses::Responses;
use crate::relay::restore::Restore;
use crate::relay::tools::Running;
use crate::relay::turns::Turns;
use crate::relay::upstream::Upstream;
use crate::relay::window::Window;
use crate::{CloseCode, ContextEntry, EndReason, ItemId, Usage, VoiceError, VoiceRules};

/// What a relay begins with.
#[derive(Debug, Clone)]
pub struct RelaySetup {
    /// Names the conversation.
    pub id: VoiceSessionId,
    /// How the device wants to talk.
    pub start: Start,
    /// What the model may call.
    pub tools: &'static [ToolSpec],
    /// What was seen in this session of study before, in any order.
    pub seen: Vec<ContextEntry>,
    /// When the user's time of today is used up.
    pub ends_at: Option<Timestamp>,
}

/// One conversation. No socket, no clock, no task: see [`handle`](Self::handle).
pub struct Relay {
    pub(super) rules: Arc<VoiceRules>,
    pub(super) setup: RelaySetup,
    pub(super) over: bool,
    latest: Timestamp,
    pub(super) waiting: Waiting,
    // The device's side.
    pub(super) input: InputPath,
    pub(super) converted: Converted,
    pub(super) output: OutputPath,
    pub(super) playback: Playback,
    pub(super) client_gate: Gate,
    // The model's side.
    pub(super) upstream: Upstream,
    pub(super) model_gate: Gate,
    /// Frames of 20 ms that wait for the model.
    pub(super) held: VecDeque<Bytes>,
    /// The last frames the model got: the next session hears a word from its beginning.
    pub(super) recent: Recent,
    /// What a new session is told before it listens.
    pub(super) restore: Option<Restore>,
    pub(super) responses: Responses,
    /// An answer is to be asked for when the model listens again.
    pub(super) owed: bool,
    /// A picture the device pointed at meanwhile, in words.
    pub(super) pointed_at: Option<String>,
    pub(super) has_spoken: bool,
    // The conversation.
    pub(super) turns: Turns,
    pub(super) window: Window,
    pub(super) desk_item: Option<ItemId>,
    pub(super) desk_items: u32,
    pub(super) running: Vec<Running>,
    /// Grows whenever the student takes the word.
    pub(super) word: u64,
    pub(super) usage: Usage,
    // Time.
    pub(super) quiet: Quiet,
    pub(super) dropped: Dropped,
    /// A tool ends the conversation: when at the latest.
    pub(super) ending: Option<Timestamp>,
}

/// Dropped frames not told yet.
#[derive(Default)]
pub(super) struct Dropped {
    pub(super) frames: u64,
    pub(super) told_at: Option<Timestamp>,
}

impl Relay {
    /// A conversation that begins now. The first [`handle`](Self::handle), with [`Event::Tick`],
    /// asks for the model.
    pub fn new(mut setup: RelaySetup, rules: Arc<VoiceRules>, now: Timestamp) -> Self {
        let mut window = Window::default();
        let mut seen = std::mem::take(&mut setup.seen);
        seen.sort_by_key(|entry| entry.at);
        for entry in seen {
            let at = entry.at.min(now);
            window.see(entry, &rules.topics, at);
        }
        let jitter = setup.id.uuid().as_bytes()[15];
        let Start { input, output, .. } = &setup.start;
        Self {
            input: InputPath::new(input.unwrap_or(AudioFormat::INPUT)),
            converted: Converted::default(),
            output: OutputPath::new(output.unwrap_or(AudioFormat::OUTPUT)),
            playback: Playback::new(now),
            client_gate: Gate::default(),
            upstream: Upstream::new(rules.reconnect, jitter, now),
            model_gate: Gate::default(),
            held: VecDeque::new(),
            recent: Recent::default(),
            restore: None,
            responses: Responses::default(),
            owed: false,
            pointed_at: None,
            has_spoken: false,
            turns: Turns::new(rules.reconnect.restore_turns),
            window,
            desk_item: None,
            desk_items: 0,
            running: Vec::new(),
            word: 0,
            usage: Usage::default(),
            quiet: Quiet::new(now),
            dropped: Dropped::default(),
            ending: None,
            waiting: Waiting::default(),
            over: false,
            latest: now,
            rules,
            setup,
        }
    }

    /// Something happened at `now`, with so much `waiting` to be sent. What is to be done is
    /// appended to `out`. After [`Effect::End`] nothing comes any more.
    ///
    /// A clock that is set back counts as no time passing.
    pub fn handle(
        &mut self,
        now: Timestamp,
        waiting: Waiting,
        event: Event,
        out: &mut Vec<Effect>,
    ) {
        if self.over {
            return;
        }
        self.waiting = waiting;
        let now = self.latest.max(now);
        self.latest = now;
        match event {
            Event::Client(event) => self.on_client(event, now, out),
            Event::ClientGone(_) => self.vanish(now, out),
            Event::ModelOpened | Event::Tick => {}
            Event::ModelRefused(error) => self.on_refused(&error, now, out),
            Event::Model(event) => self.on_model(event, now, out),
            Event::ModelLost(lost) => self.on_lost(&lost, now, out),
            Event::Seen(entry) => self.window.see(entry, &self.rules.topics, now),
            Event::Picture(picture) => self.on_picture(picture, now, out),
            Event::ToolDone(result) => self.on_tool(result, now, out),
            Event::ShutDown => self.fail(VoiceError::GoingAway, now, out),
            Event::Broken => self.fail(VoiceError::Internal, now, out),
        }
        if !self.over {
            self.settle(now, out);
        }
    }

    /// The time of the last event.
    pub(super) const fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether [`Effect::End`] was given.
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// All tokens used so far.
    pub const fn usage(&self) -> &Usage {
        &self.usage
    }

    pub(super) fn to_model(&self, command: ModelCommand, out: &mut Vec<Effect>) {
        if self.upstream.is_open() {
            out.push(Effect::ToModel(command));
        }
    }

    /// Sound queued for the device on our side.
    pub(super) fn unsent(&self) -> TimeDelta {
        let ms = self.waiting.client_audio / self.output.bytes_per_ms();
        TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 1_000_000))
    }

    /// Tells of an error that the conversation survives.
    pub(super) fn complain(error: VoiceError, out: &mut Vec<Effect>) {
        out.push(Effect::ToClient(ServerMessage::Error(error)));
    }

    /// Ends with an error.
    pub(super) fn fail(&mut self, error: VoiceError, now: Timestamp, out: &mut Vec<Effect>) {
        let farewell = Farewell {
            close: error.close_code(),
            words: error.code().to_owned(),
            reason: EndReason::error(&error),
        };
        self.last_words(now, out);
        out.push(Effect::ToClient(ServerMessage::Error(error)));
        self.finish(farewell, out);
    }

    /// Ends in good order.
    pub(super) fn end(&mut self, reason: EndReason, now: Timestamp, out: &mut Vec<Effect>) {
        self.last_words(now, out);
        let farewell = Farewell {
            close: Some(CloseCode::NORMAL),
            words: "good-bye".to_owned(),
            reason,
        };
        self.finish(farewell, out);
    }

    /// Nobody is there to say good-bye to.
    fn vanish(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.last_words(now, out);
        let farewell = Farewell {
            close: None,
            words: String::new(),
            reason: EndReason::gone(),
        };
        self.finish(farewell, out);
    }

    /// Everything said becomes final as it stands.
    fn last_words(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let unsent = self.unsent();
        for answer in self.playback.finish(now, unsent) {
            self.conclude(&answer, out);
        }
        for turn in self.turns.give_up_all(now) {
            out.push(Effect::Store(turn));
        }
    }

    fn finish(&mut self, farewell: Farewell, out: &mut Vec<Effect>) {
        if self.upstream.is_open() {
            out.push(Effect::Disconnect);
        }
        out.push(Effect::End(farewell));
        self.over = true;
    }
}
