//! What the server says to the model, against the official SDK's types.

use serde_json::json;
use testkit::sim::realtime::{Answer, Deed, RealtimeEvent, RealtimeScript};

use super::given::Given;
use crate::harness::page;

const CUT: &str = "conversation.item.truncate";

#[tokio::test]
async fn every_event_of_a_conversation_with_all_that_can_happen_fits_the_official_types() {
    let script = RealtimeScript::new().queue([
        Answer::say_for("Hello.", 400),
        Answer::call("bookmark", json!({ "note": "the second law" })),
        Answer::say_for("It is marked.", 4_000).speed(0.0),
        Answer::say_for("Yes?", 300),
        Answer::say_for("A leaf.", 300),
        Answer::say_for("Here I am again.", 300),
    ]);
    let given = Given::new(script).await;
    let client = given.server.client("ada");
    let seen = client.upload(page(), "page.jpg", None).await;
    let (session, analysis) = (&seen.data()["sessionId"], &seen.data()["analysisId"]);

    let mut talk = given.talk_in(session.as_str()).await;
    let ask = |text: &str| json!({ "type": "text", "text": text });
    talk.device.say(ask("Hello?")).await;
    talk.device.event("response_done").await;
    talk.device.say(ask("Mark this.")).await;
    talk.device.event("tool").await;
    let marked = talk.device.event("response_started").await;
    talk.hears(48 * 1_000).await;
    talk.played(marked["itemId"].as_str().unwrap(), 300).await;
    talk.speak(700, None).await;
    talk.device.event("interrupted").await;
    talk.device
        .say(json!({ "type": "image", "analysisId": analysis }))
        .await;
    talk.device.say(json!({ "type": "interrupt" })).await;
    let first = given.model.realtime().connection(1).await;
    first
        .wait_for("truncation", |record| {
            let is_one = |event: &RealtimeEvent| event.text.contains(CUT);
            record.received.iter().any(is_one)
        })
        .await;
    first.perform(Deed::Expire);
    talk.device.event("resumed").await;
    talk.device.say(ask("Are you there?")).await;
    talk.device.event("response_done").await;
    talk.end().await;

    let second = given.model.realtime().connection(2).await;
    for kind in ["session.update", "input_audio_buffer.append", CUT] {
        assert!(!first.received(kind).is_empty(), "no {kind}");
    }
    assert!(
        !second.received("conversation.item.create").is_empty(),
        "nothing was restored"
    );
    let lines = first.received_lines() + &second.received_lines();
    testkit::python::validate_realtime_client_events(&lines).unwrap();
    given.assert_calm();
}
