//! Sides that do not read.

use serde_json::json;
use testkit::sim::realtime::{Answer, Deed, Plan, RealtimeOptions, RealtimeScript, When};

use super::given::{Given, short_frames, words};
use crate::harness::eventually;

/// More than the server may keep of what is not taken, with room for the allocator.
const BOUND: u64 = 12 * 1024 * 1024;

fn small_buffers() -> RealtimeOptions {
    RealtimeOptions {
        receive_buffer: Some(4096),
        ..RealtimeOptions::default()
    }
}

#[tokio::test]
async fn a_model_that_reads_slowly_gets_less_and_the_device_is_told_how_much_less() {
    let plan = Plan::new().at(When::Events(50), Deed::StopReading);
    let given = Given::with(small_buffers(), RealtimeScript::new().every_plan(plan)).await;
    let mut talk = given.talk().await;
    let mut sent = 0;
    while talk.device.events_of("backpressure").is_empty() {
        // Slow enough that the device hears of the first drop before the last.
        talk.device
            .speak(short_frames(5), Some(std::time::Duration::from_millis(1)))
            .await;
        sent += 5;
        assert!(sent < 20_000, "nothing is ever dropped");
    }
    let connection = given.model.realtime().connection(1).await;
    connection.perform(Deed::ReadAgain);
    // All arrives but what the device was told of.
    eventually(async || {
        talk.device.say(json!({ "type": "ping" })).await;
        talk.device.event("pong").await;
        let events = talk.device.events_of("backpressure");
        let told = events
            .iter()
            .map(|event| event["droppedFrames"].as_u64().unwrap());
        let arrived = connection.read(|record| record.received_samples);
        (arrived == (sent - told.sum::<u64>()) * 480).then_some(())
    })
    .await;
    talk.end().await;
    given.nobody_talks().await;
}

#[tokio::test]
async fn a_model_that_does_not_read_at_all_ends_the_conversation_with_4408() {
    let plan = Plan::new().at(When::Events(50), Deed::StopReading);
    let given = Given::with(small_buffers(), RealtimeScript::new().every_plan(plan)).await;
    let mut talk = given.talk().await;
    let before = given.server.peak_memory();
    let mut sent = 0;
    while talk.device.events_of("error").is_empty() {
        talk.device
            .speak(short_frames(20), Some(std::time::Duration::from_millis(1)))
            .await;
        sent += 20;
        assert!(sent < 40_000, "it is never given up");
    }
    let error = talk.device.event("error").await;
    assert_eq!(
        (&error["code"], &error["fatal"]),
        (&json!("VOICE_BACKPRESSURE"), &json!(true))
    );
    assert_eq!(talk.device.closed().await.code, Some(4408));
    assert!(
        !talk.device.events_of("backpressure").is_empty(),
        "it was told before"
    );
    let grown = given.server.peak_memory() - before;
    assert!(grown < BOUND, "{grown} bytes for {sent} frames");
    let stored = given.ended(&talk.id).await;
    assert_eq!(stored["endReason"], "VOICE_BACKPRESSURE");
    given.nobody_talks().await;
    given.assert_calm();
}

#[tokio::test]
async fn a_device_that_does_not_read_for_minutes_of_sound_costs_no_memory_and_is_let_go() {
    // Four minutes of sound at once: more than all buffers on the way hold.
    let answer = Answer::say_for(&words(60), 240_000).speed(0.0);
    let given = Given::new(RealtimeScript::new().queue([answer])).await;
    let mut talk = given.talk().await;
    let before = given.server.peak_memory();
    talk.device
        .say(json!({ "type": "text", "text": "Tell me all." }))
        .await;
    // Nothing is read until the server has given up.
    given
        .model
        .realtime()
        .connection(1)
        .await
        .wait_for_end()
        .await;
    let closed = talk.device.closed().await;
    let grown = given.server.peak_memory() - before;
    assert!(grown < BOUND, "{grown} bytes");
    assert!(matches!(closed.code, Some(4408) | None), "{closed:?}");
    assert_eq!(
        talk.device.events_of("response_started").len(),
        1,
        "messages are never dropped"
    );
    assert!(talk.device.audio().len() < 48 * 240_000, "all of it came");
    let stored = given.ended(&talk.id).await;
    assert_eq!(stored["endReason"], "VOICE_BACKPRESSURE");
    given.nobody_talks().await;
    given.assert_calm();
}
