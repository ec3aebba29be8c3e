//! Two replicas and a worker look like one server, also while one of them is killed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Client, Model, Server, Setup, eventually, page};

const STUDENTS: usize = 4;
const PICTURES: usize = 8;

async fn start() -> (Model, Server, impl Sized) {
    let model = Model::start().await;
    model.says("Biology", "Cells", "text of a page");
    let (setup, stores) = Setup::embedded(&model.url())
        .with("VISION_REUSE", "off")
        .on_replicas();
    (model, setup.start().await, stores)
}

/// What is answered to an upload under this key, which is repeated as a phone does on a bad network.
async fn uploaded(client: &Client, session: &str, key: &str) -> Value {
    eventually(async || {
        let part = Part::bytes(page()).file_name("p.jpg");
        let request = client
            .request(Method::POST, "/api/v1/upload-and-analyze")
            .header("X-Session-Id", session)
            .header("Idempotency-Key", key)
            .multipart(Form::new().part("image", part));
        let answer = request.send().await.ok()?;
        let is_final = answer.status().is_success();
        let body: Value = answer.json().await.ok()?;
        is_final.then(|| body["data"].clone())
    })
    .await
}

/// Uploads pictures one after another; gives the session and the ids that were answered.
async fn studies(client: &Client, answered: &AtomicUsize) -> (String, BTreeSet<String>) {
    let (session, mut ids) = (client.start_session().await, BTreeSet::new());
    for picture in 0..PICTURES {
        let upload = uploaded(client, &session, &format!("picture-{picture}")).await;
        let id = upload["analysisId"].as_str().unwrap_or_default();
        ids.insert(id.to_owned());
        answered.fetch_add(1, Ordering::SeqCst);
    }
    (session, ids)
}

#[tokio::test]
async fn a_replica_is_killed_in_the_middle_and_nothing_answered_is_lost_or_there_twice() {
    let (_model, mut server, _stores) = start().await;
    let answered = AtomicUsize::new(0);
    let clients: Vec<Client> = (0..STUDENTS)
        .map(|number| server.client(&format!("student-{number}")))
        .collect();
    let students = join_all(clients.iter().map(|client| studies(client, &answered)));
    let reached = async |count| {
        eventually(async || (answered.load(Ordering::SeqCst) >= count).then_some(())).await;
    };
    let accident = async {
        reached(STUDENTS * PICTURES / 4).await;
        server.kill_second();
        reached(STUDENTS * PICTURES / 2).await;
        server.restart_second("second").await;
    };
    let (students, ()) = tokio::join!(students, accident);

    for (client, (session, ids)) in clients.iter().zip(students) {
        let path = format!("/api/v1/session/{session}/events?limit=100");
        let events = client.get(&path).await.data()["items"].clone();
        let events = events.as_array().unwrap().iter();
        let stored: BTreeSet<_> = events
            .map(|event| event["analysisId"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!((stored.len(), &stored), (PICTURES, &ids));
        let path = format!("/api/v1/session/{session}/end");
        let ended = client.post(&path, json!({})).await;
        assert_eq!(ended.data()["totalAnalyses"], PICTURES);
    }
}

#[tokio::test]
async fn what_a_replica_that_never_comes_back_was_asked_for_another_one_does() {
    let (model, mut server, _stores) = start().await;
    let client = server.client("ada");
    let session = client.start_session().await;
    model.thinks(Duration::from_secs(3));
    // Of two in a row one goes to the replica that is killed.
    let uploads = ["one", "two"].map(|key| uploaded(&client, &session, key));
    let accident = async {
        eventually(async || (model.calls() == 2).then_some(())).await;
        server.kill_second();
    };
    let (uploads, ()) = tokio::join!(join_all(uploads), accident);
    let ids: BTreeSet<_> = uploads
        .iter()
        .map(|upload| upload["analysisId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    let path = format!("/api/v1/session/{session}");
    assert_eq!(client.get(&path).await.data()["totalAnalyses"], 2);
}
