//! `Idempotency-Key`.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;
use vision::ModelError;

use crate::harness::{Answer, App, Client, form, jpeg};

fn keyed(client: &Client, path: &str, key: &str) -> http::request::Builder {
    client
        .request(Method::POST, path)
        .header("idempotency-key", key)
}

fn upload(client: &Client, boundary: &str, image: &[u8]) -> Request<Body> {
    let body = form(boundary, &[("image", Some("p.jpg"), image)]);
    let media_type = format!("multipart/form-data; boundary={boundary}");
    let request =
        keyed(client, "/api/v1/upload-and-analyze", "k").header("content-type", media_type);
    request.body(Body::from(body)).unwrap()
}

async fn start(client: &Client, key: &str) -> Answer {
    client
        .send(
            keyed(client, "/api/v1/session/start", key)
                .body(Body::empty())
                .unwrap(),
        )
        .await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_is_carried_out_once() {
    let app = App::start().await;
    let client = app.client("ada");
    let (first, second) = (start(&client, "k").await, start(&client, "k").await);
    assert_eq!(first.bytes, second.bytes);
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.headers["content-type"], "application/json");
    assert_ne!(start(&client, "other").await.bytes, first.bytes);
    let sessions = client.get("/api/v1/session").await;
    assert_eq!(sessions.data()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn keys_of_different_users_have_nothing_to_do_with_each_other() {
    let app = App::start().await;
    let (ada, bob) = (
        start(&app.client("ada"), "k").await,
        start(&app.client("bob"), "k").await,
    );
    assert_ne!(ada.data(), bob.data());
}

#[tokio::test]
async fn the_same_form_with_another_boundary_is_the_same_payload() {
    let app = App::start().await;
    let client = app.client("ada");
    let first = client.send(upload(&client, "one", &jpeg())).await;
    let second = client.send(upload(&client, "another", &jpeg())).await;
    assert_eq!(first.data(), second.data());
    assert_eq!(app.model.calls(), 1);
}

#[tokio::test]
async fn another_payload_path_or_session_is_a_mismatch() {
    let app = App::start().await;
    let client = app.client("ada");
    client.send(upload(&client, "XX", &jpeg())).await.data();
    let other = testkit::data::bytes("bad/one-pixel.png");
    let answer = client.send(upload(&client, "XX", &other)).await;
    assert_eq!(answer.error(), (409, "IDEMPOTENCY_MISMATCH"));
    assert_eq!(
        start(&client, "k").await.error(),
        (409, "IDEMPOTENCY_MISMATCH")
    );
    let mut request = upload(&client, "XX", &jpeg());
    request.headers_mut().insert(
        "x-session-id",
        "0197a1b2-0000-7000-8000-000000000001".parse().unwrap(),
    );
    assert_eq!(
        client.send(request).await.error(),
        (409, "IDEMPOTENCY_MISMATCH")
    );
}

#[tokio::test]
async fn a_refusal_is_kept_and_a_fault_of_the_server_is_not() {
    let app = App::start().await;
    let client = app.client("ada");
    app.model.then(Err(ModelError::Timeout));
    assert_eq!(
        client.send(upload(&client, "XX", &jpeg())).await.error(),
        (504, "VISION_TIMEOUT")
    );
    client.send(upload(&client, "XX", &jpeg())).await.data();
    let refused = || refused_body(&client);
    let (first, second) = (client.send(refused()).await, client.send(refused()).await);
    assert_eq!(first.error(), (404, "ANALYSIS_NOT_FOUND"));
    assert_eq!(second.bytes, first.bytes);
}

fn refused_body(client: &Client) -> Request<Body> {
    let body = json!({ "analysisId": "0197a1b2-0000-7000-8000-000000000001" });
    let request = keyed(client, "/api/v1/bookmark", "b").header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test]
async fn a_client_that_goes_away_and_asks_again_gets_the_answer_to_its_first_request() {
    let app = App::start().await;
    let client = app.client("ada");
    app.model.hold();
    let first = upload(&client, "XX", &jpeg());
    {
        let mut asking = Box::pin(client.send(first));
        while app.model.calls() == 0 {
            tokio::select! {
                biased;
                _ = &mut asking => panic!("the model has not answered yet"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let meanwhile = client.send(upload(&client, "XX", &jpeg())).await;
    assert_eq!(meanwhile.error(), (409, "IDEMPOTENCY_IN_PROGRESS"));
    assert_eq!(meanwhile.headers["retry-after"], "1");
    app.model.go_on();
    let answered = loop {
        let answer = client.send(upload(&client, "XX", &jpeg())).await;
        if answer.status != 409 {
            break answer;
        }
    };
    assert_eq!(answered.headers["idempotency-replayed"], "true");
    assert_eq!(app.model.calls(), 1);
}

#[tokio::test]
async fn a_body_too_large_for_any_route_fails_as_it_does_without_a_key() {
    let app = App::start().await;
    let client = app.client("ada");
    let answer = client
        .send(upload(&client, "XX", &vec![0; 12 * 1024 * 1024]))
        .await;
    assert_eq!(answer.error(), (400, "FILE_TOO_LARGE"));
}
