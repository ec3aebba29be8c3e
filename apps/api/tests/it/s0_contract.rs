//! The edge cases that S0 names, over HTTP.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::sim::Fault;

use crate::harness::{Model, Server, Setup, page};

async fn start() -> (Model, Server) {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url())
        .with("VISION_TIMEOUT_MS", "2000")
        .start()
        .await;
    (model, server)
}

#[tokio::test]
async fn an_upload_without_a_session_starts_one_and_tells_what_was_seen() {
    let (model, server) = start().await;
    model.says("Biology", "Photosynthesis", "Stomata open and close.");
    let client = server.client("ada");
    let answer = client.upload(page(), "page.jpg", None).await;
    let data = answer.data();
    let expected = json!({
        "isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Biology", "subtopic": "Photosynthesis", "extractedText": "Stomata open and close.",
    });
    assert_eq!(data["analysis"]["contentAnalysis"], expected);
    assert_eq!(data["analysis"]["topicEnum"], "Bio");
    assert_eq!(data["analysis"]["reused"], false);
    let active = client.get("/api/session/active").await;
    assert_eq!(active.data()["sessionId"], data["sessionId"]);
    let events = client
        .get(&format!("/api/session/{}/events", text(&data["sessionId"])))
        .await;
    assert_eq!(events.data()["items"][0]["analysisId"], data["analysisId"]);
}

#[tokio::test]
async fn the_stored_original_keeps_its_bytes_behind_the_link() {
    let (model, server) = start().await;
    model.says("Biology", "", "x");
    let answer = server.client("ada").upload(page(), "page.jpg", None).await;
    let link = text(&answer.data()["s3Url"]);
    let stored = reqwest::get(&link).await.unwrap();
    assert_eq!(stored.headers()["content-type"], "image/jpeg");
    assert_eq!(stored.bytes().await.unwrap(), page());
    let forged = reqwest::get(link.replace("signature=", "signature=0"))
        .await
        .unwrap();
    assert_eq!(forged.status(), 403);
}

#[tokio::test]
async fn an_unknown_session_is_404_and_an_ended_one_400_before_any_model_call() {
    let (model, server) = start().await;
    let client = server.client("ada");
    let ended = client.start_session().await;
    client
        .post(&format!("/api/session/{ended}/end"), json!({}))
        .await
        .data();
    let unknown = "0197a1b2-0000-7000-8000-000000000001";
    let cases = [
        (unknown, (404, "SESSION_NOT_FOUND")),
        ("nonsense", (404, "SESSION_NOT_FOUND")),
        (&ended, (400, "SESSION_INACTIVE")),
    ];
    for (session, (status, code)) in cases {
        let answer = client.upload(page(), "page.jpg", Some(session)).await;
        assert_eq!(answer.error(), (status, code.to_owned()), "{session}");
    }
    assert_eq!(model.calls(), 0);
    assert_eq!(server.stored_objects(), 0);
}

#[tokio::test]
async fn the_session_header_wins_over_the_field() {
    let (model, server) = start().await;
    model.says("Biology", "", "x");
    let client = server.client("ada");
    let (header, field) = (client.start_session().await, client.start_session().await);
    let form = Form::new()
        .text("sessionId", field)
        .part("image", Part::bytes(page()));
    let answer = client.upload_form(form, Some(&header)).await;
    assert_eq!(answer.data()["sessionId"], json!(header));
}

#[tokio::test]
async fn a_request_without_a_file_is_400() {
    let (_model, server) = start().await;
    let client = server.client("ada");
    let empty = client
        .upload_form(Form::new().text("other", "x"), None)
        .await;
    assert_eq!(empty.error(), (400, "NO_FILE".to_owned()));
    let analyze = client.post("/api/analyze", json!({})).await;
    assert_eq!(analyze.error(), (400, "NO_FILE".to_owned()));
    let unknown = client
        .post("/api/analyze", json!({ "s3Key": "uploads/x/nothing.jpg" }))
        .await;
    assert_eq!(unknown.error(), (404, "OBJECT_NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn a_stored_image_is_analyzed_by_its_key() {
    let (model, server) = start().await;
    model.says("Chemistry", "Bonds", "x");
    let client = server.client("ada");
    let form = Form::new().part("image", Part::bytes(page()).file_name("p.jpg"));
    let stored = client
        .send(client.request(Method::POST, "/api/upload").multipart(form))
        .await;
    let key = stored.data()["s3Key"].clone();
    let answer = client.post("/api/analyze", json!({ "s3Key": key })).await;
    assert_eq!(answer.data()["analysis"]["topicEnum"], "Chem");
    assert_eq!(answer.data()["s3Key"], key);
}

#[tokio::test]
async fn every_failure_of_the_model_has_its_documented_answer() {
    let (model, server) = start().await;
    let client = server.client("ada");
    for (fault, status, code) in Model::failures() {
        model.fails(fault.clone());
        let answer = client.upload(page(), "page.jpg", None).await;
        assert_eq!(answer.error(), (status, code.to_owned()), "{fault:?}");
        let key = &answer.body["error"]["details"]["s3Key"];
        model.says("Math", "", "x");
        let again = client.post("/api/analyze", json!({ "s3Key": key })).await;
        assert_eq!(again.data()["analysis"]["topicEnum"], "Math", "{fault:?}");
    }
}

#[tokio::test]
async fn a_used_up_quota_says_when_to_come_again() {
    let (model, server) = start().await;
    model.fails(Fault::RateLimit {
        retry_after_ms: Some(7_000),
    });
    let answer = server.client("ada").upload(page(), "page.jpg", None).await;
    assert_eq!(answer.error(), (503, "VISION_RATE_LIMITED".to_owned()));
    assert_eq!(answer.headers["retry-after"], "7");
}

#[tokio::test]
async fn an_ended_session_answers_the_same_again() {
    let (model, server) = start().await;
    model.says("Biology", "", "x");
    let client = server.client("ada");
    let session = client.start_session().await;
    client
        .upload(page(), "page.jpg", Some(&session))
        .await
        .data();
    let path = format!("/api/session/{session}/end");
    let first = client.post(&path, json!({})).await.data().clone();
    assert_eq!(first["totalAnalyses"], 1);
    assert_eq!(first["topicStats"][0]["topic"], "Bio");
    assert_eq!(client.post(&path, json!({})).await.data(), &first);
    assert_eq!(client.get("/api/session/active").await.data(), &Value::Null);
}

#[tokio::test]
async fn a_key_sent_twice_gives_one_event_and_the_first_answer() {
    let (model, server) = start().await;
    model.says("Biology", "", "x");
    let client = server.client("ada");
    let session = client.start_session().await;
    let send = async |file: Vec<u8>| {
        let form = Form::new().part("image", Part::bytes(file).file_name("p.jpg"));
        let request = client
            .request(Method::POST, "/api/upload-and-analyze")
            .multipart(form);
        client
            .send(
                request
                    .header("X-Session-Id", &session)
                    .header("Idempotency-Key", "k-1"),
            )
            .await
    };
    let first = send(page()).await;
    assert_eq!(send(page()).await.data(), first.data());
    let other = send(testkit::data::bytes("pages/p11.jpg")).await;
    assert_eq!(other.error(), (409, "IDEMPOTENCY_MISMATCH".to_owned()));
    let events = client.get(&format!("/api/session/{session}/events")).await;
    assert_eq!(events.data()["items"].as_array().unwrap().len(), 1);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
