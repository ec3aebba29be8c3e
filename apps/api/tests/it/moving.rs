//! Everything moves from one place to another and answers there as it did before.

use std::path::Path;
use std::process::Output;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Model, PASSWORD, Setup, Tokens, page};

const ADA: &str = "ada@example.org";

/// What somebody does in a day; gives the paths of everything that can be read of it.
async fn studies(client: &Client) -> Vec<String> {
    let uploaded = client.upload(page(), "p.jpg", None).await.data().clone();
    let session = uploaded["sessionId"].as_str().unwrap().to_owned();
    client.upload(page(), "p.jpg", Some(&session)).await.data();
    let mark = json!({ "analysisId": uploaded["analysisId"], "note": "tab\there, \\N there" });
    client.post("/api/bookmark", mark).await.data();
    let help = json!({ "topic": "Bio" });
    client.post("/api/help-count", help).await.data();
    let profile = client.request(Method::PATCH, "/api/user/profile");
    let name = json!({ "name": "Ada", "timeZone": "Asia/Seoul" });
    client.send(profile.json(&name)).await.data();
    let end = format!("/api/session/{session}/end");
    client.post(&end, json!({})).await.data();
    let day = uploaded["uploadedAt"].as_str().unwrap()[..10].to_owned();
    let paths = [
        "/api/session",
        "/api/session/active",
        "/api/today/topic-stats",
        "/api/topic",
        "/api/bookmark",
        "/api/help-count",
        "/api/voice",
        "/api/user/profile",
    ];
    let mut paths: Vec<String> = paths.map(str::to_owned).into();
    paths.push(format!("/api/topic/daily?date={day}"));
    paths.push(format!("/api/topic/weekly?weekOf={day}"));
    for part in ["", "/events", "/topic-stats", "/segments"] {
        paths.push(format!("/api/session/{session}{part}"));
    }
    paths
}

/// Answers to all of it. A link tells where it leads only by what is behind it.
async fn read(client: &Client, paths: &[String]) -> Vec<Value> {
    let mut answers = Vec::new();
    for path in paths {
        let mut answer = client.get(path).await.data().clone();
        follow_links(&mut answer).await;
        answers.push(answer);
    }
    answers
}

async fn follow_links(value: &mut Value) {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) if text.starts_with("http://") => {
                let opened = reqwest::get(text.as_str()).await.unwrap();
                let bytes = opened.error_for_status().unwrap().bytes().await.unwrap();
                *text = format!("{} bytes, {}", bytes.len(), bytes == page());
            }
            Value::Array(items) => left.extend(items),
            Value::Object(fields) => {
                // When a link ends is told beside it.
                fields.remove("expiresAt");
                left.extend(fields.values_mut());
            }
            _ => {}
        }
    }
}

fn run(setup: &Setup, folder: &Path, words: &[&str]) -> Output {
    std::fs::create_dir_all(folder).unwrap();
    setup.command(folder).args(words).output().unwrap()
}

#[track_caller]
fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(err));
    String::from_utf8_lossy(out).into_owned()
}

/// `12 rows of …` out of what an export or an import says.
fn counted(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    let rows = words.iter().position(|word| *word == "rows").unwrap();
    words[rows - 1..rows + 9].join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_moves_into_postgres_and_s3_and_back_and_answers_the_same() {
    let model = Model::start().await;
    model.says(
        "Biology",
        "Cells",
        "text of a page\nwith\ttabs and \\ 광합성",
    );
    let embedded = Setup::embedded(&model.url());
    let server = embedded.start().await;
    server.stranger().register(ADA).await;
    let paths = studies(&server.client("ada")).await;
    let before = read(&server.client("ada"), &paths).await;
    let (_, folder) = server.stop();
    let at = |name: &str| folder.path().join(name);
    let (zip, second) = (at("all.zip"), at("second.zip"));
    let (zip, second) = (zip.to_str().unwrap(), second.to_str().unwrap());
    let left = said(&run(
        &embedded,
        folder.path(),
        &["export", "--all", "--out", zip],
    ));

    let (production, _stores) = Setup::production(&model.url());
    let arrived = said(&run(&production, &at("production"), &["import", zip]));
    assert_eq!(counted(&arrived), counted(&left));
    let server = production.start().await;
    assert_eq!(read(&server.client("ada"), &paths).await, before);
    let signed_in = server.stranger().sign_in(ADA, PASSWORD, "x").await;
    let tokens: Tokens = signed_in.into();
    assert!(server.stranger().lets_in(&tokens.access).await);
    server.client("bob").start_session().await;
    let (production, new_home) = server.stop();

    let again = run(&production, &at("production"), &["import", zip]);
    let refused = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && refused.contains("not empty"),
        "{refused}"
    );

    let words = ["export", "--all", "--out", second];
    let left = said(&run(&production, new_home.path(), &words));
    let arrived = said(&run(&embedded, &at("back"), &["import", second]));
    assert_eq!(counted(&arrived), counted(&left));
    let server = embedded.start_in(&at("back")).await;
    assert_eq!(read(&server.client("ada"), &paths).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_archive_is_refused_and_the_whole_one_comes_in_afterwards() {
    let model = Model::start().await;
    model.says("Biology", "Cells", "text of a page");
    let embedded = Setup::embedded(&model.url());
    let server = embedded.start().await;
    studies(&server.client("ada")).await;
    let (_, folder) = server.stop();
    let at = |name: &str| folder.path().join(name);
    let (zip, half) = (at("all.zip"), at("half.zip"));
    let (out, home) = (zip.to_str().unwrap(), at("home"));
    said(&run(
        &embedded,
        folder.path(),
        &["export", "--all", "--out", out],
    ));

    let bytes = std::fs::read(&zip).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let refused = run(&embedded, &home, &["import", half.to_str().unwrap()]);
    assert!(!refused.status.success());
    said(&run(&embedded, &home, &["import", out]));
}
