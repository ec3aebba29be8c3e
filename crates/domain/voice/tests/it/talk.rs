//! Conversations from begin to end.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::FutureExt;
use kernel::UserId;
use testkit::SeededBits;
use voice::client::{ClientEvent, ClientGone, ClientMessage, ServerMessage, Start};
use voice::model::{RealtimeModel, Retry};
use voice::{
    ContextHub, InProcessPlaces, TalkOutcome, TalkState, Voice, VoiceError, VoicePorts, VoiceRules,
};

use crate::links::{Parrot, Phone, Script, Step, Told};
use crate::memory::{BareDesk, Memory, Tape};
use crate::stage::{OnStage, Stage};

pub(crate) struct House {
    pub(crate) stage: Arc<Stage>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) told: Arc<Mutex<Told>>,
    pub(crate) voice: Voice,
}

impl House {
    /// One with a model whose sessions live so long, one after the other.
    pub(crate) fn new(lives: &[i64]) -> Self {
        let stage = Arc::new(Stage::default());
        let model = Parrot::new(&stage, lives.iter().copied());
        Self::with(stage, Some(Arc::new(model)))
    }

    fn with(stage: Arc<Stage>, model: Option<Arc<dyn RealtimeModel>>) -> Self {
        Self::under(VoiceRules::default(), stage, model)
    }

    fn under(rules: VoiceRules, stage: Arc<Stage>, model: Option<Arc<dyn RealtimeModel>>) -> Self {
        let memory = Arc::new(Memory::default());
        let on_stage = Arc::new(OnStage(stage.clone()));
        let ports = VoicePorts {
            model,
            desk: Arc::new(BareDesk::default()),
            store: memory.clone(),
            recordings: Arc::new(Tape(memory.clone())),
            feed: Arc::new(ContextHub::default()),
            places: Arc::new(InProcessPlaces::default()),
            clock: on_stage.clone(),
            ids: Arc::new(SeededBits::new(7)),
            timer: on_stage.clone(),
            tasks: on_stage,
        };
        let voice = Voice::new(ports, rules);
        Self {
            stage,
            memory,
            told: Arc::default(),
            voice,
        }
    }

    pub(crate) fn talk(&self, script: Script) -> TalkOutcome {
        let phone = Phone::new(&self.stage, script, &self.told);
        self.stage
            .run(self.voice.talk(ada(), Start::default(), Box::new(phone)))
    }

    /// Drops the conversation after so many milliseconds and waits for what goes on without it.
    pub(crate) fn drop_after(&self, ms: i64, script: Script) {
        let phone = Phone::new(&self.stage, script, &self.told);
        let talk = self.voice.talk(ada(), Start::default(), Box::new(phone));
        self.stage.run_for(ms, talk);
        self.stage.run(async {});
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let kept = self.memory.kept.lock().unwrap();
        kept.turns.iter().map(|turn| turn.text.clone()).collect()
    }

    pub(crate) fn is_closed(&self) -> bool {
        let kept = self.memory.kept.lock().unwrap();
        kept.sessions
            .iter()
            .all(|s| matches!(s.state, TalkState::Ended { .. }))
    }

    fn errors(&self) -> Vec<VoiceError> {
        let told = self.told.lock().unwrap();
        let errors = told.messages.iter().filter_map(|message| match message {
            ServerMessage::Error(error) => Some(error.clone()),
            _ => None,
        });
        errors.collect()
    }
}

pub(crate) fn ada() -> UserId {
    UserId::from_name("ada")
}

pub(crate) fn says(after: i64, text: &str) -> Step {
    message(after, ClientMessage::Text(text.to_owned()))
}

pub(crate) const fn message(after: i64, message: ClientMessage) -> Step {
    (after, Ok(ClientEvent::Message(message)))
}

/// 20 ms of silence.
pub(crate) fn frame(after: i64) -> Step {
    (after, Ok(ClientEvent::Audio(Bytes::from(vec![0; 1_280]))))
}

pub(crate) const fn goodbye(after: i64) -> Step {
    message(after, ClientMessage::End)
}

pub(crate) fn killed(after: i64) -> Step {
    (after, Err(ClientGone("reset".to_owned())))
}

#[test]
fn a_question_is_answered_and_both_are_stored() {
    let house = House::new(&[]);
    let outcome = house.talk([says(500, "why?"), goodbye(2_000)].into());
    assert_eq!(house.texts(), ["why?", "squawk"]);
    assert_eq!(outcome.reason.as_str(), "client");
    assert!(house.is_closed());
    assert_eq!(house.told.lock().unwrap().audio, 9_600);
    assert_eq!(house.told.lock().unwrap().closed.unwrap().number(), 1_000);
}

#[test]
fn what_is_said_is_recorded_and_the_recording_finished() {
    let house = House::new(&[]);
    let mut script: Script = (0..50).map(|_| frame(20)).collect();
    script.push_back(killed(100));
    house.talk(script);
    let kept = house.memory.kept.lock().unwrap();
    assert_eq!(kept.sound.iter().map(|(_, len)| len).sum::<usize>(), 32_000);
    assert_eq!(kept.finished, 1);
}

#[test]
fn a_lost_model_is_found_again_and_the_question_answered() {
    let house = House::new(&[600]);
    house.talk([says(520, "why?"), goodbye(5_000)].into());
    assert_eq!(house.texts(), ["why?", "squawk"]);
    let told = house.told.lock().unwrap();
    let resumed = told
        .messages
        .iter()
        .filter(|m| **m == ServerMessage::Resumed)
        .count();
    assert_eq!(resumed, 1);
}

#[test]
fn without_a_model_the_missing_setting_is_named() {
    let house = House::with(Arc::new(Stage::default()), None);
    let outcome = house.talk(Script::new());
    assert_eq!(outcome.id, None);
    assert_eq!(
        house.errors(),
        [VoiceError::NotConfigured {
            setting: "OPENAI_API_KEY"
        }]
    );
    assert_eq!(house.told.lock().unwrap().closed.unwrap().number(), 4_503);
}

#[test]
fn a_model_that_refuses_for_good_is_asked_once() {
    let stage = Arc::new(Stage::default());
    let model = Parrot::refusing(&stage, Retry::WillNotHelp);
    let house = House::with(stage, Some(Arc::new(model)));
    house.talk(Script::new());
    assert!(matches!(
        house.errors()[..],
        [VoiceError::ProviderRefused { .. }]
    ));
    assert!(house.stage.now_ms() < 1_000);
}

#[test]
fn a_model_that_cannot_be_reached_is_given_up_after_thirty_seconds() {
    let stage = Arc::new(Stage::default());
    let model = Parrot::refusing(&stage, Retry::MayHelp);
    let house = House::with(stage, Some(Arc::new(model)));
    house.talk(Script::new());
    assert_eq!(house.errors(), [VoiceError::ProviderUnavailable]);
    assert!((29_000..32_000).contains(&house.stage.now_ms()));
}

#[test]
fn a_store_that_fails_for_a_while_loses_nothing() {
    let house = House::new(&[]);
    house.memory.kept.lock().unwrap().failures = 4;
    house.talk([says(500, "why?"), goodbye(1_000)].into());
    assert_eq!(house.texts(), ["why?", "squawk"]);
    assert!(house.is_closed());
}

#[test]
fn what_an_erased_user_says_is_offered_once_and_not_kept() {
    let house = House::new(&[]);
    house.memory.kept.lock().unwrap().is_erased = true;
    house.talk([says(500, "why?"), goodbye(60_000)].into());
    assert!(house.texts().is_empty());
    let offered = house.memory.kept.lock().unwrap().refusals;
    assert!((1..10).contains(&offered), "{offered}");
}

#[test]
fn minutes_used_up_refuse_and_minutes_left_end_it() {
    let house = House::new(&[]);
    house.memory.kept.lock().unwrap().talked = TimeDelta::minutes(120);
    assert_eq!(house.talk(Script::new()).id, None);
    house.memory.kept.lock().unwrap().talked = TimeDelta::minutes(119);
    house.talk(Script::new());
    assert_eq!(
        house.errors(),
        [const { VoiceError::DailyLimit { minutes: 120 } }; 2]
    );
    assert!((59_000..61_000).contains(&house.stage.now_ms()));
}

#[test]
fn a_conversation_whose_task_is_dropped_is_stored_all_the_same() {
    let house = House::new(&[]);
    house.drop_after(3_000, [says(500, "why?")].into());
    assert_eq!(house.texts(), ["why?", "squawk"]);
    assert!(house.is_closed());
    assert_eq!(house.memory.kept.lock().unwrap().finished, 1);
}

#[test]
fn one_user_talks_on_two_devices_and_no_more() {
    let house = House::new(&[]);
    let phone = |script| Box::new(Phone::new(&house.stage, script, &house.told));
    let talk = |script| house.voice.talk(ada(), Start::default(), phone(script));
    let end = || [goodbye(100)].into();
    let all = async { futures_util::join!(talk(end()), talk(end()), talk(end())) };
    let (first, second, third) = house.stage.run(all);
    assert!(first.id.is_some() && second.id.is_some());
    assert_eq!(third.id, None);
    assert_eq!(house.errors(), [VoiceError::TooManySessions { limit: 2 }]);
}

#[test]
fn a_server_that_shuts_down_says_so_to_everybody() {
    let house = House::new(&[]);
    house.voice.shut_down();
    let outcome = house.talk(Script::new());
    assert_eq!(outcome.reason.as_str(), "GOING_AWAY");
    assert!(house.is_closed());
}

#[test]
fn a_conversation_of_a_dead_process_is_closed_later() {
    let house = House::new(&[]);
    house.talk([goodbye(100)].into());
    {
        let mut kept = house.memory.kept.lock().unwrap();
        let last_seen_at = kept.sessions[0].started_at - TimeDelta::hours(1);
        kept.sessions[0].state = TalkState::Open { last_seen_at };
    }
    let recovered = house.voice.recover(10).now_or_never().unwrap().unwrap();
    assert_eq!(recovered.conversations, 1);
    assert!(house.is_closed());
}

#[test]
fn three_hours_over_sessions_of_a_minute_lose_no_turn() {
    let stage = Arc::new(Stage::default());
    let model = Arc::new(Parrot::announcing(&stage, [60_000; 400]));
    let mut rules = VoiceRules::default();
    rules.limits.minutes_a_day = 0;
    let house = House::under(rules, stage, Some(model.clone()));
    let mut script: Script = (0..540).map(|_| says(20_000, "why?")).collect();
    script.push_back(goodbye(5_000));
    house.talk(script);
    assert_eq!(house.errors(), []);
    assert_eq!(house.texts(), ["why?", "squawk"].repeat(540));
    let sessions = *model.sessions.lock().unwrap();
    assert!((180..=260).contains(&sessions), "{sessions}");
}
