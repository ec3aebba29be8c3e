//! Whatever dies, at whatever moment: nothing panics, nothing stays behind, what was said is there.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::sim::realtime::{Answer, Deed, RealtimeConnection, RealtimeScript};
use testkit::voice_client::f32_frames;

use super::given::{FRAME, Given, Talk, silence, voice, words};
use super::wav;
use crate::harness::eventually;

/// Rounds of each kind; together some 30.
const ROUNDS: u64 = 12;
const KILLS: u64 = 6;

/// Chance that repeats itself (an xorshift).
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (seed + 1).wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn script() -> RealtimeScript {
    RealtimeScript::new().always(Answer::say_for(&words(30), 3_000))
}

/// A written question, answered to its end, so that every conversation has a turn that must last.
async fn first_turn(talk: &mut Talk) {
    talk.device
        .say(json!({ "type": "text", "text": "Where was I?" }))
        .await;
    let started = talk.device.event("response_started").await;
    talk.device.event("response_done").await;
    talk.played(started["itemId"].as_str().unwrap(), 3_000)
        .await;
}

/// Speaks on and on, for a second and a half at least, until chance stops it.
async fn chatter(talk: &mut Talk, chance: &mut Chance) {
    let sound = [voice(600), silence(900), voice(800), silence(900)].concat();
    let frames = f32_frames(&sound, &[FRAME]);
    let count = usize::try_from(chance.below(frames.len() as u64 - 15)).unwrap() + 15;
    let pace = Duration::from_millis(chance.below(12));
    talk.device
        .speak(frames.into_iter().take(count), Some(pace))
        .await;
}

fn end_of(connection: &RealtimeConnection, chance: &mut Chance) {
    let close = |code, reason: &str| Deed::Close {
        code,
        reason: reason.to_owned(),
    };
    connection.perform(match chance.below(5) {
        0 => Deed::Lose,
        1 => Deed::Reset,
        2 => Deed::Expire,
        3 => close(1011, "internal error"),
        _ => close(1012, "service restart"),
    });
}

#[track_caller]
fn assert_first_turn(stored: &Value, seed: u64) {
    let said = [0, 1].map(|at| &stored["transcript"][at]["text"]);
    let expected = [json!("Where was I?"), json!(words(30))];
    assert_eq!(said, expected.each_ref(), "seed {seed}");
}

async fn assert_recorded(given: &Given, id: &str) {
    let [student, tutor] = wav::both(&given.recorded(id).await).await;
    assert!(tutor >= 24 * 3_000, "{tutor} samples of the tutor");
    assert!(student <= 16 * 6_400, "{student} samples of the student");
}

#[tokio::test]
async fn the_model_is_lost_at_any_moment_and_the_conversation_goes_on() {
    let given = Given::new(script()).await;
    for seed in 0..ROUNDS {
        let mut chance = Chance::new(seed);
        let mut talk = given.talk().await;
        first_turn(&mut talk).await;
        chatter(&mut talk, &mut chance).await;
        let connections = given.model.realtime().connections();
        end_of(connections.last().unwrap(), &mut chance);
        talk.device.event("resumed").await;
        chatter(&mut talk, &mut chance).await;
        let Talk { device, id } = talk;
        let ended = device.end().await;
        assert!(
            ended.events_of("error").is_empty(),
            "seed {seed}: {:?}",
            ended.events_of("error")
        );
        let stored = given.ended(&id).await;
        assert_first_turn(&stored, seed);
        assert_recorded(&given, &id).await;
    }
    given.nobody_talks().await;
    given.assert_calm();
}

#[tokio::test]
async fn the_device_is_gone_at_any_moment_and_what_was_said_is_kept() {
    let given = Given::new(script()).await;
    for seed in 0..ROUNDS {
        let mut chance = Chance::new(100 + seed);
        let mut talk = given.talk().await;
        first_turn(&mut talk).await;
        chatter(&mut talk, &mut chance).await;
        let Talk { device, id } = talk;
        drop(device);
        let stored = given.ended(&id).await;
        assert_eq!(stored["endReason"], "gone", "seed {seed}");
        assert_first_turn(&stored, seed);
        assert_recorded(&given, &id).await;
    }
    given.nobody_talks().await;
    given.assert_calm();
}

#[tokio::test]
async fn the_process_is_killed_at_any_moment_and_the_next_one_finds_what_was_said() {
    let mut given = Given::new(script()).await;
    for seed in 0..KILLS {
        let mut chance = Chance::new(200 + seed);
        let mut talk = given.talk().await;
        first_turn(&mut talk).await;
        let turns = async || {
            let stored = given.stored(&talk.id).await;
            (stored["transcript"].as_array()?.len() >= 2).then_some(())
        };
        eventually(turns).await;
        talk.speak(1_500, Some(Duration::from_millis(1))).await;
        given.some_sound_is_kept(&talk.id).await;
        chatter(&mut talk, &mut chance).await;
        let Talk { device, id } = talk;
        given.server = given.server.kill_and_restart().await;
        drop(device);
        let stored = given.recorded(&id).await;
        assert_first_turn(&stored, seed);
        let samples = wav::both(&stored).await;
        assert!(
            samples.iter().all(|count| *count > 0),
            "seed {seed}: {samples:?}"
        );
        given.assert_calm();
    }
    given.nobody_talks().await;
}
