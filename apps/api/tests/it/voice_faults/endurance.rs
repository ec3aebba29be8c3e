//! A long talk over many sessions of the model.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::sim::realtime::{
    Answer, Comes, Deed, Keep, Life, Plan, RealtimeOptions, RealtimeScript, Transcript, When,
};
use testkit::voice_client::{Heard, f32_frames};

use super::given::{FRAME, Given, Talk, silence, voice};
use crate::harness::page;

/// Milliseconds of the student's sound that a session lasts, and that a turn takes with its silence.
const LIFE_MS: u64 = 60_000;
const VOICE_MS: usize = 400;
const PAUSE_MS: usize = 800;

/// Minutes of sound; `SMARTSIGHT_TALK_MINUTES=180` is three hours.
fn minutes() -> usize {
    let given = std::env::var("SMARTSIGHT_TALK_MINUTES").ok();
    given.map_or(10, |minutes| minutes.parse().unwrap())
}

fn by_words(thinks: Duration) -> RealtimeScript {
    RealtimeScript::new().by(move |asked| {
        let said = Answer::say_for(&answer(&asked.said), 300);
        Some(said.speed(0.0).after(thinks))
    })
}

#[tokio::test]
async fn a_talk_outlives_the_sessions_of_the_model_without_an_error_or_a_lost_turn() {
    let turns = minutes() * 60_000 / (VOICE_MS + PAUSE_MS);
    let said = (0..turns).map(|turn| Transcript::text(&question(turn)));
    let script = by_words(Duration::ZERO)
        .every_plan(Plan::new().life(Life::AudioMs(LIFE_MS)))
        .transcripts(said);
    let given = given(script).await;
    let seen = given
        .server
        .client("ada")
        .upload(page(), "page.jpg", None)
        .await;
    let mut talk = given.talk_in(seen.data()["sessionId"].as_str()).await;
    for turn in 0..turns {
        one_turn(&mut talk, &answer(&question(turn))).await;
    }
    let Talk { device, id } = talk;
    let ended = device.end().await;
    assert!(
        ended.events_of("error").is_empty(),
        "{:?}",
        ended.events_of("error")
    );
    let renewed = ended.events_of("resumed").len();
    assert!(renewed + 1 >= minutes(), "{renewed} renewals");
    assert_eq!(transcript(&given, &id).await, expected(0..turns));
    every_session_knows_what_came_before(&given);
    given.nobody_talks().await;
    given.assert_calm();
}

/// The session ends when the turn has ended, and long before its words would come; the answer has
/// been made, or was about to be.
#[tokio::test]
async fn a_question_that_a_session_heard_and_did_not_write_down_is_written_once() {
    for thinks in [0, 400].map(Duration::from_millis) {
        let late = Transcript::text(&question(0)).comes(Comes::AfterMs(400));
        let script = by_words(thinks)
            .plan(1, Plan::new().at(When::AudioMs(950), Deed::Expire))
            .transcripts([late, Transcript::text(&question(1))]);
        let given = given(script).await;
        let mut talk = given.talk().await;
        one_turn(&mut talk, &answer(&question(0))).await;
        one_turn(&mut talk, &answer(&question(1))).await;
        is_written(&mut talk, &question(0)).await;
        let id = talk.end().await;
        assert_eq!(transcript(&given, &id).await, expected(0..2), "{thinks:?}");
        let second = given.model.realtime().connection(2).await;
        assert_eq!(second.received("input_audio_buffer.commit").len(), 1);
        given.assert_calm();
    }
}

async fn given(script: RealtimeScript) -> Given {
    let options = RealtimeOptions {
        keep: Keep::Events,
        ..RealtimeOptions::default()
    };
    Given::with(options, script).await
}

fn question(turn: usize) -> String {
    format!("Question number {turn}?")
}

fn answer(question: &str) -> String {
    format!("About {question}")
}

/// Speaks, falls silent once that was noticed, and has heard the answer to its end.
async fn one_turn(talk: &mut Talk, wanted: &str) {
    say(talk, voice(VOICE_MS)).await;
    next(talk, |event| event["type"] == "speech_started").await;
    say(talk, silence(PAUSE_MS)).await;
    let mut words = String::new();
    let begun = next(talk, |event| {
        let is_piece = event["role"] == "assistant" && event["final"] == false;
        words.push_str(
            event["text"]
                .as_str()
                .filter(|_| is_piece)
                .unwrap_or_default(),
        );
        words.ends_with(wanted)
    })
    .await;
    next(talk, |event| event["type"] == "response_done").await;
    talk.played(begun["itemId"].as_str().unwrap(), 300).await;
}

async fn say(talk: &mut Talk, sound: Vec<u8>) {
    for frame in f32_frames(&sound, &[FRAME]) {
        talk.device.send_audio(frame).await;
    }
}

/// Reads on to the message that is wanted.
async fn next(talk: &mut Talk, mut is: impl FnMut(&Value) -> bool) -> Value {
    loop {
        match talk.device.next().await {
            Heard::Event(event) if is(&event) => return event,
            Heard::Event(_) | Heard::Audio(_) => {}
            Heard::Closed(closed) => panic!("{closed:?}"),
        }
    }
}

/// Reads on until the device was told all the words of a question.
async fn is_written(talk: &mut Talk, question: &str) {
    let is = |event: &Value| event["final"] == true && event["text"] == question;
    while !talk.device.events().iter().any(is) {
        talk.device.next().await;
    }
}

async fn transcript(given: &Given, id: &str) -> Vec<(String, String)> {
    given.ended(id).await;
    let (client, mut from, mut all) = (given.server.client("ada"), Value::from(0), Vec::new());
    while !from.is_null() {
        let page = client.get(&format!("/api/v1/voice/{id}?from={from}")).await;
        let text = |turn: &Value, field: &str| turn[field].as_str().unwrap().to_owned();
        let turns = page.data()["transcript"].as_array().unwrap();
        all.extend(
            turns
                .iter()
                .map(|turn| (text(turn, "role"), text(turn, "text"))),
        );
        from = page.data()["nextFrom"].clone();
    }
    all
}

fn expected(turns: std::ops::Range<usize>) -> Vec<(String, String)> {
    let turn = |turn| {
        let question = question(turn);
        let answer = answer(&question);
        [
            ("user".to_owned(), question),
            ("assistant".to_owned(), answer),
        ]
    };
    turns.flat_map(turn).collect()
}

/// Each session but the first is told the last turns, and each what lies on the desk.
fn every_session_knows_what_came_before(given: &Given) {
    let connections = given.model.realtime().connections();
    for connection in &connections {
        let update = connection.received("session.update").remove(0);
        let instructions = update["session"]["instructions"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(instructions.contains("Bio"), "the desk is not told");
    }
    for connection in &connections[1..] {
        let restored = connection.received("conversation.item.create");
        let said = json!(restored).to_string();
        assert!(said.contains("Question number"), "{said}");
    }
}
