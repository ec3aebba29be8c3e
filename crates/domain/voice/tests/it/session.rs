//! The model's session: opened, lost, renewed.

use chrono::TimeDelta;
use voice::client::{ClientMessage, ServerMessage, Start, VoiceName};
use voice::model::{
    CommandKind, ErrorClass, ModelCommand, ModelError, ModelEvent, ModelLost, NewItem,
    ResponseStatus, Retry,
};
use voice::{Effect, Event, VoiceError, VoiceRules};

use crate::rig::{Rig, T0, ms};

fn is_ready(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::Ready { .. })
}

fn error(code: &str, class: ErrorClass, about: Option<CommandKind>) -> ModelEvent {
    let (code, message) = (code.to_owned(), String::new());
    ModelEvent::Error(ModelError {
        code,
        message,
        about,
        class,
    })
}

#[test]
fn nothing_counts_as_connected_before_the_model_has_taken_its_settings() {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    assert_eq!(rig.did(), [Effect::Connect]);
    rig.happen(Event::ModelOpened);
    assert_eq!(rig.did(), []);
    rig.model(ModelEvent::SessionCreated { expires_at: None });
    assert!(!rig.messages().iter().any(is_ready));
    assert!(matches!(rig.commands()[..], [ModelCommand::Configure(_)]));
    rig.model(ModelEvent::SessionUpdated);
    assert!(rig.messages().iter().any(is_ready));
}

#[test]
fn a_refused_key_is_fatal_and_not_tried_again() {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    rig.did();
    rig.model(error("invalid_api_key", ErrorClass::Fatal, None));
    let code = "invalid_api_key".to_owned();
    assert_eq!(rig.fatal(), Some(VoiceError::ProviderRefused { code }));
    assert!(rig.is_over());
    assert!(!rig.did().contains(&Effect::Connect));
}

#[test]
fn a_loss_that_another_session_cannot_help_is_fatal() {
    let mut rig = Rig::ready();
    let (retry, message) = (Retry::WillNotHelp, "3000".to_owned());
    rig.happen(Event::ModelLost(ModelLost { retry, message }));
    assert!(matches!(
        rig.fatal(),
        Some(VoiceError::ProviderRefused { .. })
    ));
}

#[test]
fn after_a_loss_turns_and_desk_are_restored_and_what_was_owed_is_answered() {
    let mut rig = Rig::ready();
    rig.sees("Bio", "the cell");
    rig.says(ClientMessage::Text("why?".to_owned()));
    rig.did();
    rig.lose();
    assert!(rig.messages().contains(&ServerMessage::Reconnecting));
    rig.pass(500);
    assert!(rig.did().contains(&Effect::Connect));
    rig.connect();
    assert!(rig.messages().contains(&ServerMessage::Resumed));
    let commands = rig.commands();
    let [ModelCommand::Configure(config), restored @ ..] = &commands[..] else {
        panic!("{commands:?}");
    };
    assert!(config.instructions.contains("the cell"));
    let item = NewItem::UserText("why?".to_owned());
    let add = ModelCommand::Add { id: None, item };
    assert_eq!(restored, [add, ModelCommand::CreateResponse]);
}

#[test]
fn nothing_is_owed_when_the_tutor_had_finished() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(4_000);
    rig.lose();
    rig.pass(500);
    rig.did();
    rig.connect();
    let commands = rig.commands();
    let item = NewItem::TutorText("one two three four".to_owned());
    assert!(commands.contains(&ModelCommand::Add { id: None, item }));
    assert!(!commands.contains(&ModelCommand::CreateResponse));
}

#[test]
fn what_came_over_a_lost_session_is_not_truncated_in_the_new_one() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.lose();
    rig.pass(500);
    rig.connect();
    rig.did();
    rig.speech("u");
    assert!(
        rig.messages()
            .iter()
            .any(|m| matches!(m, ServerMessage::Interrupted { .. }))
    );
    assert_eq!(rig.commands(), []);
}

#[test]
fn it_gives_up_after_thirty_seconds() {
    let mut rig = Rig::ready();
    rig.lose();
    let lost_at = rig.now();
    while !rig.is_over() {
        rig.happen(Event::Client(voice::client::ClientEvent::Alive));
        if rig.did().contains(&Effect::Connect) {
            rig.lose();
        }
        rig.pass(100);
    }
    assert_eq!(rig.fatal(), Some(VoiceError::ProviderUnavailable));
    assert!((29_900..=30_200).contains(&(rig.now() - lost_at).num_milliseconds()));
}

#[test]
fn a_session_that_expires_is_taken_up_again() {
    let mut rig = Rig::ready();
    rig.model(error("session_expired", ErrorClass::SessionEnds, None));
    assert!(!rig.is_over());
    rig.pass(500);
    assert!(rig.did().contains(&Effect::Connect));
}

/// A session of a minute, a second before it is old.
fn nearly_old() -> Rig {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    let expires_at = Some(T0 + TimeDelta::minutes(1));
    rig.model(ModelEvent::SessionCreated { expires_at });
    rig.model(ModelEvent::SessionUpdated);
    rig.live(44_000);
    rig
}

#[test]
fn an_old_session_is_renewed_at_a_quiet_moment() {
    let mut rig = nearly_old();
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.did();
    rig.live(3_000);
    assert!(
        !rig.did().contains(&Effect::Connect),
        "the answer still plays"
    );
    rig.live(2_000);
    let did = rig.did();
    assert!(did.contains(&Effect::Disconnect) && did.contains(&Effect::Connect));
    assert!(rig.now() < T0 + ms(60_000));
}

#[test]
fn a_dying_session_is_renewed_while_an_answer_plays() {
    let mut rig = nearly_old();
    rig.answer_begins("r", "a");
    rig.answer_says(("r", "a"), "long", 2_000);
    (0..15).for_each(|_| rig.answer_says(("r", "a"), " speech", 2_000));
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.live(13_000);
    assert!(rig.did().contains(&Effect::Connect));
}

#[test]
fn an_attempt_that_takes_too_long_is_given_up_for_another() {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    rig.did();
    rig.pass(11_000);
    let did = rig.did();
    assert!(did.contains(&Effect::Disconnect) && did.contains(&Effect::Connect));
}

#[test]
fn a_model_that_gives_no_sign_of_life_is_left() {
    let mut rig = Rig::ready();
    for _ in 0..45 {
        rig.happen(Event::Client(voice::client::ClientEvent::Alive));
        rig.pass(1_000);
    }
    assert!(rig.messages().contains(&ServerMessage::Reconnecting));
    assert!(rig.did().contains(&Effect::PingModel));
}

#[test]
fn rejected_settings_are_fatal_and_benign_errors_are_nothing() {
    let mut rig = Rig::ready();
    let about = Some(CommandKind::CancelResponse);
    rig.model(error(
        "response_cancel_not_active",
        ErrorClass::Benign,
        about,
    ));
    rig.model(error(
        "item_truncate_invalid_item_id",
        ErrorClass::Benign,
        None,
    ));
    assert_eq!(rig.did(), []);
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    rig.model(ModelEvent::SessionCreated { expires_at: None });
    rig.model(error(
        "unknown_parameter",
        ErrorClass::Rejected,
        Some(CommandKind::Configure),
    ));
    assert!(rig.is_over());
}

#[test]
fn a_lost_race_for_the_answer_is_asked_again_when_the_other_ends() {
    let mut rig = Rig::ready();
    rig.says(ClientMessage::Text("why?".to_owned()));
    rig.did();
    let code = "conversation_already_has_active_response";
    rig.model(error(
        code,
        ErrorClass::Benign,
        Some(CommandKind::CreateResponse),
    ));
    assert_eq!(rig.did(), []);
    rig.response_done(ResponseStatus::Completed, "other");
    assert_eq!(rig.commands(), [ModelCommand::CreateResponse]);
}

fn sound_up(rig: &mut Rig) -> usize {
    let is_sound = |command: &ModelCommand| matches!(command, ModelCommand::AppendAudio(_));
    rig.commands().iter().filter(|c| is_sound(c)).count()
}

#[test]
fn a_word_that_was_cut_by_a_loss_is_heard_from_its_beginning() {
    let mut rig = Rig::ready();
    (0..100).for_each(|_| rig.hears(20));
    rig.speech("u");
    rig.lose();
    rig.did();
    (0..10).for_each(|_| rig.hears(20));
    rig.pass(500);
    rig.connect();
    assert_eq!(
        sound_up(&mut rig),
        40,
        "600 ms from before and 200 ms from between"
    );
}

#[test]
fn what_was_said_before_an_answer_is_not_heard_twice() {
    let mut rig = Rig::ready();
    rig.speech("u");
    (0..100).for_each(|_| rig.hears(20));
    rig.model(ModelEvent::SpeechStopped { item: "u".into() });
    let (item, text) = ("u".into(), "why?".to_owned());
    rig.model(ModelEvent::InputTranscriptDone { item, text });
    rig.four_words();
    rig.lose();
    rig.did();
    rig.pass(500);
    rig.connect();
    assert_eq!(sound_up(&mut rig), 0);
}

#[test]
fn what_is_said_over_an_answer_is_heard_by_the_next_session() {
    let mut rig = Rig::ready();
    rig.four_words();
    (0..5).for_each(|_| rig.hears(20));
    rig.lose();
    rig.did();
    rig.pass(500);
    rig.connect();
    assert_eq!(sound_up(&mut rig), 5);
}

#[test]
fn a_voice_is_chosen_until_the_model_has_spoken() {
    let wish = |name: &str| {
        let voice = VoiceName::parse(name).ok();
        ClientMessage::Start(Start {
            voice,
            ..Start::default()
        })
    };
    let mut rig = Rig::ready();
    rig.says(wish("cedar"));
    let commands = rig.commands();
    assert!(matches!(&commands[..], [ModelCommand::Configure(config)] if config.voice == "cedar"));
    rig.four_words();
    rig.did();
    rig.says(wish("sage"));
    assert_eq!(rig.commands(), []);
}
