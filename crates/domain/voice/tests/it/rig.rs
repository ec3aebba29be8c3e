//! A relay whose time and events are written down by the test.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use kernel::{Timestamp, UserId};
use uuid::Uuid;
use voice::client::{ClientEvent, ClientMessage, ServerMessage, Speaker, Stage, Start};
use voice::model::{ModelCommand, ModelEvent, ModelLost, ResponseStatus, Retry};
use voice::{
    ContextEntry, Effect, Event, Relay, RelaySetup, Turn, Usage, VoiceError, VoiceRules, Waiting,
};

pub(crate) struct Rig {
    relay: Relay,
    now: Timestamp,
    pub(crate) waiting: Waiting,
    /// Everything since it was last looked at.
    pub(crate) out: Vec<Effect>,
}

pub(crate) const T0: Timestamp = Timestamp::UNIX_EPOCH;

pub(crate) fn ms(ms: i64) -> TimeDelta {
    TimeDelta::milliseconds(ms)
}

impl Rig {
    /// Nothing has happened yet.
    pub(crate) fn new(rules: VoiceRules, setup: impl FnOnce(&mut RelaySetup)) -> Self {
        let mut set = RelaySetup {
            id: Uuid::from_u128(0).into(),
            start: Start::default(),
            tools: &[],
            seen: Vec::new(),
            ends_at: None,
        };
        setup(&mut set);
        let relay = Relay::new(set, Arc::new(rules), T0);
        let (waiting, out) = (Waiting::default(), Vec::new());
        Self {
            relay,
            now: T0,
            waiting,
            out,
        }
    }

    /// The model listens.
    pub(crate) fn ready() -> Self {
        Self::ready_with(|_| {})
    }

    pub(crate) fn ready_with(change: impl FnOnce(&mut VoiceRules)) -> Self {
        let mut rules = VoiceRules::default();
        change(&mut rules);
        let mut rig = Self::new(rules, |_| {});
        rig.connect();
        rig.out.clear();
        rig
    }

    /// The model comes to listen.
    pub(crate) fn connect(&mut self) {
        self.happen(Event::Tick);
        self.happen(Event::ModelOpened);
        self.model(ModelEvent::SessionCreated { expires_at: None });
        self.model(ModelEvent::SessionUpdated);
    }

    pub(crate) fn happen(&mut self, event: Event) {
        self.relay
            .handle(self.now, self.waiting, event, &mut self.out);
    }

    pub(crate) fn model(&mut self, event: ModelEvent) {
        self.happen(Event::Model(event));
    }

    pub(crate) fn says(&mut self, message: ClientMessage) {
        self.happen(Event::Client(ClientEvent::Message(message)));
    }

    /// So many milliseconds of silence in Float32 at 16 kHz.
    pub(crate) fn hears(&mut self, ms: usize) {
        let frame = Bytes::from(vec![0; ms * 64]);
        self.happen(Event::Client(ClientEvent::Audio(frame)));
    }

    /// One frame as it came.
    pub(crate) fn frame(&mut self, frame: &Bytes) {
        self.happen(Event::Client(ClientEvent::Audio(frame.clone())));
    }

    /// Time passes, and the relay is called whenever it asked to be.
    pub(crate) fn pass(&mut self, by: i64) {
        let until = self.now + ms(by);
        for _ in 0..100_000 {
            let due = self.relay.next_deadline();
            if due > until || self.relay.is_over() {
                self.now = until;
                return;
            }
            self.now = self.now.max(due);
            self.happen(Event::Tick);
            if self.relay.next_deadline() <= self.now {
                self.now += ms(1);
            }
        }
        panic!("the relay is always due");
    }

    /// Time passes while both sides give signs of life.
    pub(crate) fn live(&mut self, by: i64) {
        for _ in 0..by / 1_000 {
            self.happen(Event::Client(ClientEvent::Alive));
            self.model(ModelEvent::Pong);
            self.pass(1_000);
        }
        self.pass(by % 1_000);
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.relay.is_over()
    }

    /// An answer begins.
    pub(crate) fn answer_begins(&mut self, response: &str, item: &str) {
        self.model(ModelEvent::ResponseCreated {
            response: response.into(),
        });
        let (response, item) = (response.into(), item.into());
        self.model(ModelEvent::AnswerItemAdded { response, item });
    }

    /// A word, and so many milliseconds of its sound.
    pub(crate) fn answer_says(&mut self, (response, item): (&str, &str), word: &str, ms: usize) {
        self.model(ModelEvent::AnswerTranscriptDelta {
            response: response.into(),
            item: item.into(),
            text: word.to_owned(),
        });
        self.model(ModelEvent::AnswerAudio {
            response: response.into(),
            item: item.into(),
            content_index: 0,
            pcm: Bytes::from(vec![1; ms * 48]),
        });
    }

    pub(crate) fn answer_ends(&mut self, response: &str, item: &str, status: ResponseStatus) {
        let (response, item) = (response.into(), item.into());
        self.model(ModelEvent::AnswerAudioDone { response, item });
        self.response_done(status, "r");
    }

    pub(crate) fn response_done(&mut self, status: ResponseStatus, response: &str) {
        let (response, usage) = (response.into(), None::<Usage>);
        self.model(ModelEvent::ResponseDone {
            response,
            status,
            usage,
        });
    }

    /// Response `r` with item `a`: four words, a second each, all at once.
    pub(crate) fn four_words(&mut self) {
        self.answer_begins("r", "a");
        for word in ["one", " two", " three", " four"] {
            self.answer_says(("r", "a"), word, 1_000);
        }
    }

    pub(crate) fn speech(&mut self, item: &str) {
        self.model(ModelEvent::SpeechStarted { item: item.into() });
    }

    pub(crate) fn lose(&mut self) {
        let (retry, message) = (Retry::MayHelp, "reset".to_owned());
        self.happen(Event::ModelLost(ModelLost { retry, message }));
    }

    pub(crate) fn sees(&mut self, topic: &str, text: &str) {
        let entry = entry(topic, text, self.now);
        self.happen(Event::Seen(entry));
    }

    /// What was done, which is then forgotten.
    pub(crate) fn did(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.out)
    }

    pub(crate) fn commands(&mut self) -> Vec<ModelCommand> {
        let commands = self.did().into_iter().filter_map(|effect| match effect {
            Effect::ToModel(command) => Some(command),
            _ => None,
        });
        commands.collect()
    }

    pub(crate) fn messages(&self) -> Vec<ServerMessage> {
        let messages = self.out.iter().filter_map(|effect| match effect {
            Effect::ToClient(message) => Some(message.clone()),
            _ => None,
        });
        messages.collect()
    }

    pub(crate) fn stored(&self) -> Vec<Turn> {
        let turns = self.out.iter().filter_map(|effect| match effect {
            Effect::Store(turn) => Some(turn.clone()),
            _ => None,
        });
        turns.collect()
    }

    pub(crate) fn stored_text(&self) -> Vec<(&'static str, String)> {
        let turns = self.stored().into_iter();
        turns
            .map(|turn| (turn.speaker.as_str(), turn.text))
            .collect()
    }

    /// The fatal error it ended with.
    pub(crate) fn fatal(&self) -> Option<VoiceError> {
        let errors = self
            .messages()
            .into_iter()
            .filter_map(|message| match message {
                ServerMessage::Error(error) if error.is_fatal() => Some(error),
                _ => None,
            });
        errors.last()
    }

    pub(crate) fn audio_bytes(&self) -> usize {
        let sizes = self.out.iter().map(|effect| match effect {
            Effect::AudioToClient(audio) => audio.len(),
            _ => 0,
        });
        sizes.sum()
    }
}

pub(crate) fn entry(topic: &str, text: &str, at: Timestamp) -> ContextEntry {
    ContextEntry {
        user: UserId::from_name("ada"),
        session: Uuid::from_u128(1).into(),
        event: Uuid::from_u128(2).into(),
        topic: topic.to_owned(),
        subtopic: None,
        text: text.to_owned(),
        at,
    }
}

pub(crate) fn final_words(role: Speaker, item: &str, text: &str) -> ServerMessage {
    let (item, text, stage) = (item.into(), text.to_owned(), Stage::Final);
    ServerMessage::Transcript {
        role,
        item,
        text,
        stage,
    }
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
