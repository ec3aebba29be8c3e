//! What fails after the analysis never fails the answer, and is made good.

use serde_json::Value;
use testkit::proxy::{Proxy, Weather};

use crate::harness::{Answer, Client, Model, Setup, eventually, page};

#[tokio::test]
async fn while_the_database_is_locked_the_answer_is_200_and_the_event_comes_later_once() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let client = server.client("ada");
    let session = client.start_session().await;
    let lock = server.lock_database();
    let answer = client.upload(page(), "p.jpg", Some(&session)).await;
    assert_eq!(answer.data()["analysisId"], Value::Null);
    assert!(events(&client, &session).await.is_empty());
    drop(lock);
    let written = eventually(async || events(&client, &session).await.pop()).await;
    assert_eq!(written["s3Key"], answer.data()["s3Key"]);
    eventually(async || server.journal_is_empty().then_some(())).await;
    assert_eq!(events(&client, &session).await.len(), 1);
}

#[tokio::test]
async fn a_session_that_began_while_the_database_was_locked_takes_more_images() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let client = server.client("ada");
    let lock = server.lock_database();
    let first = client.upload(page(), "p.jpg", None).await;
    let session = first.data()["sessionId"].as_str().unwrap();
    let second = client.upload(page(), "p.jpg", Some(session)).await;
    assert_eq!(second.data()["sessionId"], session);
    let theirs = server.client("bob");
    let theirs = theirs.upload(page(), "p.jpg", Some(session)).await;
    assert_eq!(theirs.error(), (404, "SESSION_NOT_FOUND".to_owned()));
    drop(lock);
    eventually(async || server.journal_is_empty().then_some(())).await;
    assert_eq!(events(&client, session).await.len(), 2);
}

#[tokio::test]
async fn an_event_that_waits_survives_a_kill() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let session = server.client("ada").start_session().await;
    let lock = server.lock_database();
    server
        .client("ada")
        .upload(page(), "p.jpg", Some(&session))
        .await
        .data();
    let server = server.kill_and_restart_unlocking(lock).await;
    let client = server.client("ada");
    eventually(async || events(&client, &session).await.pop()).await;
    let stats = client
        .get(&format!("/api/session/{session}/topic-stats"))
        .await;
    assert_eq!(stats.data()["topics"][0]["topic"], "Bio");
}

#[tokio::test]
async fn what_waits_is_measured() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let client = server.client("ada");
    let lock = server.lock_database();
    client.upload(page(), "p.jpg", None).await.data();
    eventually(async || (figure(&client, "journal_events").await? == 1).then_some(())).await;
    assert!(figure(&client, "journal_bytes").await.unwrap() > 100);
    assert_eq!(figure(&client, "spool_images").await, Some(0));
    drop(lock);
    eventually(async || (figure(&client, "journal_bytes").await? == 0).then_some(())).await;
    let caught_up = async || (figure(&client, "projection_lag_entries").await? == 0).then_some(());
    eventually(caught_up).await;
}

#[tokio::test]
async fn once_an_event_waits_too_long_nothing_is_taken_until_it_is_written() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let setup = Setup::embedded(&model.url()).with("JOURNAL_MAX_AGE_S", "1");
    let server = setup.start().await;
    let client = server.client("ada");
    let session = client.start_session().await;
    let lock = server.lock_database();
    let mut answered = 0;
    let refused = eventually(async || {
        let answer = client.upload(page(), "p.jpg", Some(&session)).await;
        answered += usize::from(answer.status.is_success());
        (!answer.status.is_success()).then_some(answer)
    });
    let refused = refused.await;
    assert_eq!(refused.error(), (503, "STORAGE_UNAVAILABLE".to_owned()));
    assert_eq!(refused.headers["retry-after"], "30");
    assert!(answered > 0);
    drop(lock);
    eventually(async || {
        let answer = client.upload(page(), "p.jpg", Some(&session)).await;
        answer.status.is_success().then_some(())
    })
    .await;
    eventually(async || server.journal_is_empty().then_some(())).await;
    assert_eq!(events(&client, &session).await.len(), answered + 1);
}

/// The figure of this name, once it is measured.
async fn figure(client: &Client, name: &str) -> Option<u64> {
    let answer = client.get("/metrics").await;
    let lines = answer.body.as_str()?.lines();
    let mut figures = lines.filter_map(|line| line.split_once(' '));
    figures.find(|(named, _)| *named == name)?.1.parse().ok()
}

#[tokio::test]
async fn while_the_object_store_is_down_images_wait_in_the_spool() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let (setup, mut stores) = Setup::production(&model.url());
    let server = setup.start().await;
    let client = server.client("ada");
    client.upload(page(), "p.jpg", None).await.data();
    stores.s3.stop();
    let answer = client.upload(page(), "p.jpg", None).await;
    assert!(answer.data()["analysisId"].is_string());
    stores.s3.restart();
    assert_eq!(opened(&answer).await, page());
}

#[tokio::test]
async fn while_the_object_store_hangs_images_wait_in_the_spool() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let (setup, stores) = Setup::production(&model.url());
    let store = stores.s3.endpoint().socket_addrs(|| None).unwrap()[0];
    let proxy = Proxy::start(store).await;
    let endpoint = format!("http://{}", proxy.address());
    let server = setup.with("S3_ENDPOINT_URL", &endpoint).start().await;
    proxy.set(Weather::Stall);
    let answer = server.client("ada").upload(page(), "p.jpg", None).await;
    assert!(answer.data()["analysisId"].is_string());
    proxy.set(Weather::Clear);
    assert_eq!(opened(&answer).await, page());
}

/// What the answer's link opens, once it does.
async fn opened(answer: &Answer) -> Vec<u8> {
    let link = answer.data()["s3Url"].as_str().unwrap();
    let image = eventually(async || {
        let answer = reqwest::get(link).await.ok()?;
        answer.error_for_status().ok()?.bytes().await.ok()
    });
    image.await.to_vec()
}

async fn events(client: &Client, session: &str) -> Vec<Value> {
    let answer = client.get(&format!("/api/session/{session}/events")).await;
    answer.data()["items"].as_array().unwrap().clone()
}
