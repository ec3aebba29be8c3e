//! Sixty frames of a sitting give the seconds per topic that the script says.

use chrono::{SecondsFormat, TimeDelta, Utc};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Client, Model, Setup};

/// Frames up to 135 s, 150 s and 177 s: Bio, Chem, Unknown and Bio again. The last stretch counts
/// `max_gap`, because the sitting ends long after the last frame.
const EXPECTED: &[(&str, i64)] = &[("Bio", 90 + 27 + 120), ("Chem", 45), ("Unknown", 15)];

#[tokio::test]
async fn the_walk_counts_exactly_as_its_script_says_on_sqlite_and_a_folder() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    walk(&model, &server.client("ada")).await;
}

#[tokio::test]
async fn the_walk_counts_exactly_as_its_script_says_on_postgres_and_s3() {
    let model = Model::start().await;
    let (setup, _stores) = Setup::production(&model.url());
    let server = setup.start().await;
    walk(&model, &server.client("ada")).await;
}

#[tokio::test]
async fn the_walk_counts_exactly_as_its_script_says_on_two_replicas() {
    let model = Model::start().await;
    let (setup, _stores) = Setup::embedded(&model.url()).on_replicas();
    let server = setup.start().await;
    walk(&model, &server.client("ada")).await;
}

async fn walk(model: &Model, client: &Client) {
    let script = testkit::data::json("walk/walk.json");
    let frames = script["frames"].as_array().unwrap();
    let begin = Utc::now() - TimeDelta::hours(1);
    let session = client.start_session().await;
    for frame in frames {
        model.sees(
            frame["subject"].as_str(),
            frame["studying"].as_bool().unwrap(),
        );
        let at = begin + TimeDelta::seconds(frame["t_s"].as_i64().unwrap());
        let file = testkit::data::bytes(frame["file"].as_str().unwrap());
        let form = Form::new()
            .text(
                "capturedAt",
                at.to_rfc3339_opts(SecondsFormat::Millis, true),
            )
            .part("image", Part::bytes(file).file_name("frame.jpg"));
        client.upload_form(form, Some(&session)).await.data();
    }
    let running = client
        .get(&format!("/api/session/{session}/topic-stats"))
        .await;
    assert_eq!(seconds(&running.data()["topics"]), EXPECTED);
    let ended = client
        .post(&format!("/api/session/{session}/end"), json!({}))
        .await;
    assert_eq!(seconds(&ended.data()["topicStats"]), EXPECTED);
    let today = client
        .get(&format!("/api/topic/weekly?weekOf={}", begin.date_naive()))
        .await;
    assert_eq!(seconds(&today.data()["totals"]), EXPECTED);
}

fn seconds(topics: &Value) -> Vec<(&str, i64)> {
    let row = |row: &'_ Value| {
        (
            row["topic"].as_str().unwrap().to_owned(),
            row["durationSec"].as_i64().unwrap(),
        )
    };
    let mut rows: Vec<_> = topics.as_array().unwrap().iter().map(row).collect();
    rows.sort();
    let known = |name: &str| {
        EXPECTED
            .iter()
            .map(|(topic, _)| *topic)
            .find(|topic| *topic == name)
            .unwrap()
    };
    rows.iter()
        .map(|(name, seconds)| (known(name), *seconds))
        .collect()
}
