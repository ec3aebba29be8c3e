//! The student speaks over an answer that came faster than it plays.

use serde_json::Value;
use testkit::sim::realtime::{Answer, RealtimeScript, voice};
use testkit::voice_client::Heard;

use super::given::{Given, Talk, words};

/// 100 words in 10 s: each word is 100 ms long.
const WORDS: usize = 100;
const LONG_MS: u32 = 10_000;
const WORD_MS: u64 = 100;

/// How much of the answer has come when the student speaks.
#[derive(Clone, Copy)]
enum Came {
    Part,
    All,
}

#[tokio::test]
async fn over_an_answer_that_is_being_made() {
    interrupts(Came::Part).await;
}

#[tokio::test]
async fn over_an_answer_that_was_made_and_still_plays() {
    interrupts(Came::All).await;
}

/// Nothing of the old answer follows `interrupted`, the model learns what was played, and only
/// heard words are stored.
async fn interrupts(came: Came) {
    for played in [1_230, 40, 3_777] {
        let given = Given::new(script(came)).await;
        let mut talk = given.talk().await;
        let item = first_answer(&mut talk, came).await;
        talk.played(&item, played).await;
        let interrupted = speak_over(&mut talk, &item).await;
        assert_eq!(interrupted["heardMs"], played);

        let id = talk.end().await;
        let connection = given.model.realtime().connection(1).await;
        connection.wait_for_end().await;
        let cuts = connection.received("conversation.item.truncate");
        let cut: Vec<_> = cuts
            .iter()
            .map(|cut| (&cut["item_id"], &cut["audio_end_ms"]))
            .collect();
        assert_eq!(cut, [(&Value::from(item), &Value::from(played))]);
        assert!(
            connection.received("response.cancel").is_empty(),
            "the model cancels by itself"
        );
        only_heard_words_are_stored(&given.ended(&id).await, played);
        given.assert_calm();
    }
}

fn script(came: Came) -> RealtimeScript {
    let long = Answer::say_for(&words(WORDS), LONG_MS);
    let long = match came {
        Came::Part => long.hold_at(6_000),
        Came::All => long.speed(0.0),
    };
    RealtimeScript::new().queue([long, Answer::say_for("Yes?", 500)])
}

/// Asks in writing and hears the answer come; its item.
async fn first_answer(talk: &mut Talk, came: Came) -> String {
    talk.device
        .say(serde_json::json!({ "type": "text", "text": "Tell me." }))
        .await;
    let started = talk.device.event("response_started").await;
    match came {
        Came::Part => talk.hears(48 * 6_000).await,
        Came::All => drop(talk.device.event("response_done").await),
    }
    started["itemId"].as_str().unwrap().to_owned()
}

/// Speaks, and hears the second answer to its end. Returns what `interrupted` said of the first.
async fn speak_over(talk: &mut Talk, item: &str) -> Value {
    talk.speak(700, None).await;
    // What `speak` has read counts too, so all is looked at again from the first frame on.
    let (mut interrupted, mut answers) = (Value::Null, 0);
    while answers < 2 {
        answers = talk.device.events_of("response_started").len();
        if let Some(event) = talk.device.events_of("interrupted").first() {
            interrupted = (*event).clone();
        }
        if answers == 2 && talk.device.events_of("response_done").len() == 2 {
            break;
        }
        let heard = talk.device.next().await;
        assert!(!matches!(heard, Heard::Closed(_)), "{heard:?}");
    }
    assert_eq!(interrupted["itemId"], item);
    interrupted
}

#[track_caller]
fn only_heard_words_are_stored(stored: &Value, played_ms: u64) {
    let turns = stored["transcript"].as_array().unwrap();
    let of_tutor: Vec<_> = turns
        .iter()
        .filter(|turn| turn["role"] == "assistant")
        .collect();
    let texts: Vec<_> = of_tutor
        .iter()
        .map(|turn| turn["text"].as_str().unwrap())
        .collect();
    let long = texts
        .iter()
        .find(|text| text.starts_with('w'))
        .copied()
        .unwrap_or_default();
    let count = long.split_whitespace().count();
    assert!(words(WORDS).starts_with(long), "{long}");
    let heard = usize::try_from(played_ms / WORD_MS).unwrap();
    assert!(count <= heard, "{count} words in {played_ms} ms: {long}");
    assert!(
        2 * count + 2 > heard,
        "only {count} words in {played_ms} ms: {long}"
    );
}

#[tokio::test]
async fn nothing_of_the_old_answer_follows_the_word_that_it_was_interrupted() {
    let given = Given::new(script(Came::Part)).await;
    let mut talk = given.talk().await;
    let item = first_answer(&mut talk, Came::Part).await;
    talk.played(&item, 900).await;
    let before = talk.device.audio().len();
    let sound = [super::given::voice(700), super::given::silence(800)].concat();
    for frame in testkit::voice_client::f32_frames(&sound, &[super::given::FRAME]) {
        talk.device.send_audio(frame).await;
    }
    let mut at_interruption = None;
    while talk.device.events_of("response_done").len() < 2 {
        let heard = talk.device.next().await;
        if matches!(&heard, Heard::Event(event) if event["type"] == "interrupted") {
            at_interruption = Some(talk.device.audio().len());
        }
    }
    let at = at_interruption.unwrap();
    assert!(at >= before);
    let heard = talk.device.audio();
    let spans = voice::spans(&voice::samples(&heard[at..]));
    assert!(
        !spans.is_empty() && spans.iter().all(|span| span.answer == 2),
        "{spans:?}"
    );
    talk.end().await;
}
