//! What lies on the desk, on its way to the tutor.

use std::time::Instant;

use serde_json::Value;
use testkit::data;
use testkit::sim::realtime::RealtimeConnection;
use testkit::voice_client::VoiceClient;

use crate::harness::{Client, Model, Server, Setup};

/// A student at a desk, and the model's end of the talk.
struct Desk {
    model: Model,
    ada: Client,
    session: String,
    pictures: usize,
    device: VoiceClient,
    _server: Server,
}

impl Desk {
    async fn new(context: &str) -> Self {
        let model = Model::start().await;
        let server = Setup::embedded(&model.url())
            .with("VOICE_CONTEXT", context)
            .with("VISION_REUSE", "off")
            .start()
            .await;
        let ada = server.client("ada");
        let session = ada.start_session().await;
        let mut device = server.device("ada", &format!("?sessionId={session}")).await;
        device.event("ready").await;
        Self {
            model,
            ada,
            session,
            pictures: 0,
            device,
            _server: server,
        }
    }

    /// A picture is analyzed, and shows this.
    async fn shows(&mut self, topic: &str, text: &str) {
        self.model.says(topic, "", text);
        let picture = data::bytes(&format!("pages/p{:02}.jpg", 1 + self.pictures % 12));
        self.pictures += 1;
        let analyzed = self.ada.upload(picture, "p.jpg", Some(&self.session)).await;
        analyzed.data();
    }

    /// The model's end, once it was told of this.
    async fn told(&self, text: &str) -> RealtimeConnection {
        let upstream = self.model.realtime().connection(1).await;
        let quoted = format!("\\\"{text}\\\"");
        upstream
            .wait_for(text, |record| {
                record
                    .received
                    .iter()
                    .any(|event| event.text.contains(&quoted))
            })
            .await;
        upstream
    }

    /// All that has happened so far has come to the conversation.
    async fn settled(&mut self) {
        for _ in 0..3 {
            self.device.say(serde_json::json!({"type": "ping"})).await;
            self.device.event("pong").await;
        }
    }
}

/// What the windows told so far hold: topic and text of each entry, newest first.
fn windows(upstream: &RealtimeConnection) -> Vec<Vec<String>> {
    let updates = upstream.received("session.update");
    let words = updates
        .iter()
        .map(|update| update["session"]["instructions"].as_str().unwrap());
    words.map(entries).collect()
}

fn entries(instructions: &str) -> Vec<String> {
    let is_entry = |line: &&str| line.starts_with(|first: char| first.is_ascii_digit());
    let lines = instructions.lines().filter(is_entry);
    lines.map(|line| line[3..].to_owned()).collect()
}

fn entry(topic: &str, text: &str) -> String {
    format!("{topic} (no subtopic): {text:?}")
}

#[tokio::test]
async fn the_tutor_knows_the_five_newest_things_of_topics_it_may_know() {
    let mut desk = Desk::new("instructions").await;
    let began = Instant::now();
    for number in 0..4 {
        desk.shows("Biology", &format!("leaf {number}")).await;
        desk.shows("History", &format!("king {number}")).await;
        desk.shows("Mathematics", &format!("sum {number}")).await;
    }
    let upstream = desk.told("sum 3").await;
    let seconds = began.elapsed().as_secs();
    let told = windows(&upstream);
    let newest = [
        entry("Math", "sum 3"),
        entry("Bio", "leaf 3"),
        entry("Math", "sum 2"),
        entry("Bio", "leaf 2"),
        entry("Math", "sum 1"),
    ];
    assert_eq!(told.last().unwrap()[..], newest);
    assert!(told.iter().all(|entries| entries.len() <= 5), "{told:?}");
    assert!(!format!("{told:?}").contains("king"), "{told:?}");
    // The settings, one at once, and then never more than one a second.
    assert!(
        told.len() as u64 <= 3 + seconds,
        "{} in {seconds} s",
        told.len()
    );
    // The device hears the same, each time.
    desk.settled().await;
    let contexts = desk.device.events_of("context");
    assert_eq!(contexts.len(), told.len() - 1);
    let topics: Vec<_> = contexts.last().unwrap()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["topic"].clone())
        .collect();
    assert_eq!(
        topics,
        ["Math", "Bio", "Math", "Bio", "Math"].map(Value::from)
    );
}

#[tokio::test]
async fn a_desk_that_shows_nothing_new_is_not_told_again() {
    let mut desk = Desk::new("instructions").await;
    desk.shows("Biology", "leaf").await;
    let upstream = desk.told("leaf").await;
    let told = windows(&upstream).len();
    for _ in 0..3 {
        desk.shows("Biology", "leaf").await;
        desk.shows("History", "king").await;
    }
    desk.settled().await;
    assert_eq!(windows(&upstream).len(), told);
    desk.shows("Biology", "root").await;
    desk.told("root").await;
    assert_eq!(windows(&upstream).len(), told + 1);
}

#[tokio::test]
async fn as_items_of_the_conversation_the_newest_window_takes_the_place_of_the_old_one() {
    let mut desk = Desk::new("items").await;
    for text in ["leaf", "root", "stem"] {
        desk.shows("Biology", text).await;
        desk.told(text).await;
    }
    let upstream = desk.told("stem").await;
    let is_alone = |record: &testkit::sim::realtime::RealtimeRecord| {
        let systems: Vec<_> = record
            .items
            .iter()
            .filter(|item| item["role"] == "system")
            .collect();
        systems.len() == 1
            && systems[0]["content"][0]["text"]
                .as_str()
                .unwrap()
                .contains("stem")
    };
    upstream.wait_for("one window", is_alone).await;
    assert_eq!(upstream.received("session.update").len(), 1);
}
