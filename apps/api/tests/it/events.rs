//! Live events over `/ws/events`.

use std::collections::HashSet;

use serde_json::{Value, json};
use testkit::voice_client::VoiceClient;
use tokio::task::JoinSet;

use crate::harness::{Client, Model, Server, Setup, page};

/// Entries of a user that are missed: what ten minutes of study and talk leave, and more.
const MISSED: i64 = 300;

/// The same test on the embedded default and on Postgres and S3.
macro_rules! on_both {
    ($($test:ident,)+) => {
        $(mod $test {
            #[tokio::test]
            async fn embedded() {
                let model = super::Model::start().await;
                super::$test(super::Setup::embedded(&model.url())).await;
            }

            #[tokio::test]
            async fn production() {
                let model = super::Model::start().await;
                let (setup, _stores) = super::Setup::production(&model.url());
                super::$test(setup).await;
            }
        })+
    };
}

on_both! {
    what_was_missed_comes_once_and_in_order_and_then_what_happens,
    a_topic_tells_what_belongs_to_it_and_nothing_of_others,
    a_job_tells_its_way_to_the_end,
}

impl Server {
    /// Somebody who listens, in open mode.
    async fn listener(&self, user: &str) -> VoiceClient {
        let mut socket = self.at_the_door(&[("X-User-Id", user)]).await;
        socket.event("ready").await;
        socket
    }

    async fn at_the_door(&self, headers: &[(&str, &str)]) -> VoiceClient {
        let url = format!("{}/api/v1/ws/events", self.base);
        VoiceClient::connect(&url, headers).await.unwrap()
    }
}

/// The place after which the topic is followed.
async fn subscribe(socket: &mut VoiceClient, topic: &str, since: Option<i64>) -> i64 {
    socket
        .say(json!({ "type": "subscribe", "topic": topic, "since": since }))
        .await;
    let subscribed = socket.event("subscribed").await;
    assert_eq!(subscribed["topic"], topic);
    subscribed["cursor"].as_i64().unwrap()
}

async fn complaint(socket: &mut VoiceClient, message: Value) -> String {
    socket.say(message).await;
    let error = socket.event("error").await;
    assert_eq!(error["fatal"], false);
    error["code"].as_str().unwrap().to_owned()
}

async fn ask_for_help(client: &Client) {
    let counted = client
        .post("/api/v1/help-count", json!({ "topic": "Math" }))
        .await;
    counted.data();
}

async fn what_was_missed_comes_once_and_in_order_and_then_what_happens(setup: Setup) {
    let setup = setup.with("RATE_LIMIT_REQUESTS_PER_MIN", "0");
    let server = setup.with("RATE_LIMIT_ADDRESS_PER_MIN", "0").start().await;
    let ada = server.client("ada");
    let mut socket = server.listener("ada").await;
    let start = subscribe(&mut socket, "user", None).await;
    ask_for_help(&ada).await;
    let heard = socket.event("event").await;
    assert_eq!(
        (&heard["cursor"], &heard["name"]),
        (&json!(start + 1), &json!("help.counted"))
    );
    drop(socket);
    for _ in 0..MISSED / 2 {
        ask_for_help(&ada).await;
    }
    // The other half is on its way while the client comes back.
    let mut writers = JoinSet::new();
    for _ in 0..5 {
        let ada = ada.clone();
        writers.spawn(async move {
            for _ in 0..MISSED / 10 {
                ask_for_help(&ada).await;
            }
        });
    }
    let mut socket = server.listener("ada").await;
    assert_eq!(
        subscribe(&mut socket, "user", Some(start + 1)).await,
        start + 1
    );
    let mut ids = HashSet::new();
    for expected in start + 2..start + 2 + MISSED {
        let event = socket.event("event").await;
        assert_eq!(event["cursor"], expected);
        assert!(ids.insert(event["id"].clone()), "{event} came twice");
    }
    writers.join_all().await;
    ask_for_help(&ada).await;
    let live = socket.event("event").await;
    assert_eq!(live["cursor"], start + 2 + MISSED);
}

async fn a_topic_tells_what_belongs_to_it_and_nothing_of_others(setup: Setup) {
    let server = setup.start().await;
    let (ada, eve) = (server.client("ada"), server.client("eve"));
    let (one, other) = (ada.start_session().await, ada.start_session().await);
    let theirs = eve.start_session().await;
    let mut socket = server.listener("ada").await;
    let topic = format!("session:{one}");
    assert_eq!(subscribe(&mut socket, &topic, Some(0)).await, 0);
    let begun = socket.event("event").await;
    assert_eq!(
        (&begun["topics"], &begun["name"]),
        (&json!([topic]), &json!("session.started"))
    );
    for session in [&other, &one] {
        ada.post(&format!("/api/v1/session/{session}/end"), json!({}))
            .await;
    }
    let next = socket.event("event").await;
    assert_eq!(
        (&next["name"], &next["data"]["sessionId"]),
        (&json!("session.ended"), &json!(one))
    );
    let nobodys = "0197a1b2-0000-7000-8000-000000000001";
    for (message, code) in [
        (
            json!({ "type": "subscribe", "topic": format!("session:{theirs}") }),
            "SESSION_NOT_FOUND",
        ),
        (
            json!({ "type": "subscribe", "topic": format!("session:{nobodys}") }),
            "SESSION_NOT_FOUND",
        ),
        (
            json!({ "type": "subscribe", "topic": format!("job:{nobodys}") }),
            "JOB_NOT_FOUND",
        ),
        (
            json!({ "type": "subscribe", "topic": "moon" }),
            "UNKNOWN_TOPIC",
        ),
        (
            json!({ "type": "subscribe", "topic": "user", "since": 1_000_000 }),
            "CURSOR_AHEAD",
        ),
        (json!({ "type": "dance" }), "UNKNOWN_MESSAGE"),
    ] {
        assert_eq!(
            complaint(&mut socket, message.clone()).await,
            code,
            "{message}"
        );
    }
    socket
        .say(json!({ "type": "unsubscribe", "topic": topic }))
        .await;
    assert_eq!(socket.event("unsubscribed").await["topic"], topic.as_str());
    socket.say(json!({ "type": "ping" })).await;
    socket.event("pong").await;
}

async fn a_job_tells_its_way_to_the_end(setup: Setup) {
    let server = setup.start().await;
    let ada = server.client("ada");
    let mut socket = server.listener("ada").await;
    let id = ada.analyze_later(page(), "k").await;
    let topic = format!("job:{id}");
    let since = subscribe(&mut socket, &topic, Some(0)).await;
    assert_eq!(since, 0);
    loop {
        let told = socket.event("job").await;
        assert_eq!(
            (&told["topic"], &told["job"]["jobId"]),
            (&json!(topic), &json!(id))
        );
        if told["job"]["state"] == "done" {
            assert_eq!(told["job"]["progress"], 100);
            break;
        }
    }
    let names: Vec<_> = socket
        .events_of("event")
        .iter()
        .map(|e| e["name"].clone())
        .collect();
    assert_eq!(names.first(), Some(&json!("job.accepted")));
    let eve = server.listener("eve").await;
    let mut eve = eve;
    let foreign = json!({ "type": "subscribe", "topic": topic });
    assert_eq!(complaint(&mut eve, foreign).await, "JOB_NOT_FOUND");
}

#[tokio::test]
async fn what_one_replica_commits_the_other_ones_listeners_hear() {
    let model = Model::start().await;
    let (setup, _stores) = Setup::production(&model.url());
    let (one, other) = (setup.start().await, setup.start().await);
    let mut socket = one.listener("ada").await;
    let start = subscribe(&mut socket, "user", None).await;
    for number in 1..=5 {
        ask_for_help(&other.client("ada")).await;
        assert_eq!(socket.event("event").await["cursor"], start + number);
    }
}

#[tokio::test]
async fn a_token_lets_in_as_header_or_first_message_and_nobody_else_hears_anything() {
    let server = Setup::default().secured().start().await;
    let tokens = server.stranger().register("ada@example.org").await;
    let bearer = format!("Bearer {}", tokens.access);
    let mut known = server.at_the_door(&[("Authorization", &bearer)]).await;
    known.event("ready").await;
    let mut late = server.at_the_door(&[]).await;
    late.say(json!({ "type": "auth", "token": tokens.access }))
        .await;
    late.event("ready").await;
    subscribe(&mut late, "user", None).await;
    for first in [
        json!({ "type": "auth", "token": "nonsense" }),
        json!({ "type": "subscribe", "topic": "user" }),
    ] {
        let mut stranger = server.at_the_door(&[]).await;
        stranger.say(first).await;
        assert_eq!(stranger.event("error").await["code"], "UNAUTHENTICATED");
        assert_eq!(stranger.closed().await.code, Some(4401));
    }
}

#[tokio::test]
async fn sockets_of_one_user_and_of_one_address_are_bounded_and_free_again_when_they_close() {
    let setup = Setup::default().with("EVENTS_MAX_PER_USER", "2");
    let server = setup.with("EVENTS_MAX_PER_ADDRESS", "3").start().await;
    let first = server.listener("ada").await;
    let _second = server.listener("ada").await;
    let mut third = server.at_the_door(&[("X-User-Id", "ada")]).await;
    assert_eq!(third.closed().await.code, Some(4429));
    let _eve = server.listener("eve").await;
    let mut fourth = server.at_the_door(&[("X-User-Id", "bob")]).await;
    assert_eq!(fourth.closed().await.code, Some(4429));
    drop(first);
    crate::harness::eventually(async || {
        let mut again = server.at_the_door(&[("X-User-Id", "ada")]).await;
        again.say(json!({ "type": "ping" })).await;
        loop {
            match again.next().await {
                testkit::voice_client::Heard::Event(event) if event["type"] == "pong" => {
                    return Some(());
                }
                testkit::voice_client::Heard::Closed(_) => return None,
                _ => {}
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_stops_says_good_bye() {
    let server = Setup::default().start().await;
    let mut socket = server.listener("ada").await;
    server.terminate();
    assert_eq!(socket.closed().await.code, Some(1001));
}
