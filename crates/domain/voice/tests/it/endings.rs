//! How conversations end.

use voice::client::{ClientEvent, ClientGone, ClientMessage};
use voice::{CloseCode, Effect, Event, VoiceError, VoiceRules};

use crate::rig::{Rig, T0, ms, seconds};

fn closed(rig: &mut Rig) -> (Option<CloseCode>, String) {
    let end = rig.did().into_iter().find_map(|effect| match effect {
        Effect::End(farewell) => Some(farewell),
        _ => None,
    });
    let farewell = end.unwrap();
    (farewell.close, farewell.reason.as_str().to_owned())
}

#[test]
fn goodbye_closes_in_good_order_with_everything_heard_so_far_stored() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(1_500);
    rig.says(ClientMessage::End);
    assert_eq!(rig.stored_text(), [("assistant", "one".to_owned())]);
    assert_eq!(
        closed(&mut rig),
        (Some(CloseCode::NORMAL), "client".to_owned())
    );
}

#[test]
fn a_device_that_vanishes_leaves_what_was_said() {
    let mut rig = Rig::ready();
    rig.speech("u");
    let (item, text) = ("u".into(), "half a question".to_owned());
    rig.model(voice::model::ModelEvent::InputTranscriptDelta { item, text });
    rig.happen(Event::ClientGone(ClientGone("reset".to_owned())));
    assert_eq!(rig.stored_text(), [("user", "half a question".to_owned())]);
    assert_eq!(closed(&mut rig), (None, "gone".to_owned()));
}

#[test]
fn silence_on_both_sides_ends_it_after_five_minutes() {
    let mut rig = Rig::ready();
    rig.live(299_000);
    assert!(!rig.is_over());
    rig.live(2_000);
    assert_eq!(rig.fatal(), Some(VoiceError::Idle { seconds: 300 }));
}

#[test]
fn an_answer_that_plays_is_no_silence() {
    let mut rig = Rig::ready_with(|rules| rules.limits.idle = seconds(3));
    rig.four_words();
    rig.live(5_000);
    assert!(!rig.is_over());
}

#[test]
fn a_device_without_a_sign_of_life_is_dead_after_45_seconds() {
    let mut rig = Rig::ready();
    rig.pass(44_999);
    assert!(!rig.is_over());
    let pings = rig
        .out
        .iter()
        .filter(|effect| **effect == Effect::PingClient)
        .count();
    assert_eq!(pings, 2);
    rig.pass(1);
    assert_eq!(rig.fatal(), Some(VoiceError::Dead { seconds: 45 }));
}

#[test]
fn the_minutes_of_the_day_end_it() {
    let mut rig = Rig::new(VoiceRules::default(), |setup| {
        setup.ends_at = Some(T0 + ms(60_000));
    });
    rig.connect();
    rig.live(60_000);
    rig.happen(Event::Client(ClientEvent::Alive));
    assert_eq!(rig.fatal(), Some(VoiceError::DailyLimit { minutes: 120 }));
}

#[test]
fn a_server_that_goes_away_says_so() {
    let mut rig = Rig::ready();
    rig.happen(Event::ShutDown);
    assert_eq!(
        closed(&mut rig),
        (Some(CloseCode::GOING_AWAY), "GOING_AWAY".to_owned())
    );
}

#[test]
fn after_the_end_nothing_happens() {
    let mut rig = Rig::ready();
    rig.says(ClientMessage::End);
    rig.did();
    rig.hears(20);
    rig.four_words();
    assert_eq!(rig.did(), []);
}
