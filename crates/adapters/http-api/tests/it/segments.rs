//! The sound recorded for images.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, jpeg};

const PATH: &str = "/api/session/segment";

fn sound() -> String {
    STANDARD.encode(testkit::data::bytes("speech/jfk.m4a"))
}

async fn send(client: &Client, body: &Value) -> Answer {
    client.post(PATH, body).await
}

fn segment(index: u32) -> Value {
    json!({
        "sessionId": "sess_e1_c1_1", "evaluatorId": "e1", "clientId": "c1", "imageIndex": index,
        "signedUrl": "https://images.example/0.jpg", "audioBase64": sound(),
    })
}

async fn list(client: &Client) -> Value {
    let answer = client.get("/api/v1/session/sess_e1_c1_1/segments").await;
    answer.data().clone()
}

#[tokio::test]
async fn a_segment_is_answered_in_the_shape_of_its_contract() {
    let app = App::start().await;
    let answer = send(&app.client("ada"), &segment(0)).await;
    assert_eq!(answer.status, 200);
    let id = answer.body["segmentId"].as_str().unwrap();
    assert_eq!(answer.body, json!({ "ok": true, "segmentId": id }));
    let again = send(&app.client("ada"), &segment(0)).await;
    assert_eq!(again.body["segmentId"], answer.body["segmentId"]);
}

#[tokio::test]
async fn neither_image_nor_sound_is_refused_in_the_words_of_the_contract() {
    let app = App::start().await;
    for body in [
        json!({ "imageIndex": 0 }),
        json!({ "imageIndex": 0, "signedUrl": null, "audioBase64": null }),
        json!({ "imageIndex": 0, "signedUrl": "", "audioBase64": "" }),
        json!({}),
    ] {
        let answer = send(&app.client("ada"), &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(
            String::from_utf8(answer.bytes).unwrap(),
            r#"{"error":"signedUrl or audioBase64 required"}"#
        );
    }
}

#[tokio::test]
async fn every_other_failure_has_words_and_a_code() {
    let app = App::start().await;
    let no_sound = STANDARD.encode("not a sound file at all");
    let large = STANDARD.encode(vec![0; 10 * 1024 * 1024 + 1]);
    for (body, status, code) in [
        (
            json!({ "imageIndex": 0, "audioBase64": no_sound }),
            400,
            "NOT_AUDIO",
        ),
        (
            json!({ "imageIndex": 0, "audioBase64": "*" }),
            400,
            "VALIDATION_FAILED",
        ),
        (
            json!({ "imageIndex": 0, "audioBase64": large }),
            413,
            "BODY_TOO_LARGE",
        ),
        (
            json!({ "imageIndex": -1, "signedUrl": "x" }),
            400,
            "VALIDATION_FAILED",
        ),
        (json!({ "signedUrl": "x" }), 400, "VALIDATION_FAILED"),
        (json!([]), 400, "VALIDATION_FAILED"),
    ] {
        let answer = send(&app.client("ada"), &body).await;
        let told = (
            answer.status.as_u16(),
            answer.body["code"].as_str().unwrap(),
        );
        assert_eq!(told, (status, code), "{}", answer.body);
        assert!(answer.body["error"].is_string(), "{}", answer.body);
    }
    let client = app.client("ada").bearing("forged");
    assert_eq!(
        send(&client, &segment(0)).await.body["code"],
        "UNAUTHORIZED"
    );
    assert_eq!(app.stored_objects(), 0);
}

#[tokio::test]
async fn segments_are_listed_with_links_and_with_what_is_missing() {
    let app = App::start().await;
    let client = app.client("ada");
    for index in [0, 3] {
        assert_eq!(send(&client, &segment(index)).await.status, 200);
    }
    let listed = list(&client).await;
    assert_eq!(
        listed["missing"],
        json!([{ "evaluatorId": "e1", "clientId": "c1", "imageIndexes": [1, 2] }])
    );
    let item = &listed["items"][0];
    assert_eq!(item["imageUrl"], "https://images.example/0.jpg");
    assert_eq!(item["audioContentType"], "audio/mp4");
    let opened = client.get(item["audioUrl"].as_str().unwrap()).await;
    assert_eq!(opened.bytes, testkit::data::bytes("speech/jfk.m4a"));
    assert_eq!(opened.headers["content-type"], "audio/mp4");
}

#[tokio::test]
async fn a_segment_sent_again_replaces_the_sound_and_leaves_no_orphan() {
    let app = App::start().await;
    let client = app.client("ada");
    let wav = STANDARD.encode(testkit::data::bytes("speech/jfk.wav"));
    let other = json!({
        "sessionId": "sess_e1_c1_1", "evaluatorId": "e1", "clientId": "c1", "imageIndex": 0,
        "audioBase64": wav,
    });
    for body in [&segment(0), &other] {
        assert_eq!(send(&client, body).await.status, 200);
    }
    assert_eq!(app.stored_objects(), 1);
    let item = list(&client).await["items"][0].clone();
    assert_eq!(
        (&item["signedUrl"], &item["audioContentType"]),
        (&Value::Null, &json!("audio/wav"))
    );
}

#[tokio::test]
async fn the_image_of_an_upload_link_or_of_a_key_is_linked() {
    let app = App::start().await;
    let (evaluator, client) = (app.client("eva"), app.client("ada"));
    let image = jpeg();
    let wanted = json!({ "contentType": "image/jpeg", "size": image.len() });
    let link = evaluator
        .post("/api/v1/upload/presign", &wanted)
        .await
        .data()
        .clone();
    let put = client.request(Method::PUT, link["uploadUrl"].as_str().unwrap());
    let put = put
        .header("content-type", "image/jpeg")
        .body(Body::from(image.clone()));
    assert_eq!(client.send(put.unwrap()).await.status, 204);
    let own = client.upload(None).await.text("s3Key");
    for (index, named) in [(0, link["uploadUrl"].clone()), (1, json!(own))] {
        let body = json!({ "sessionId": "sess_e1_c1_1", "imageIndex": index, "signedUrl": named });
        assert_eq!(send(&client, &body).await.status, 200);
    }
    for item in list(&client).await["items"].as_array().unwrap() {
        let opened = client.get(item["imageUrl"].as_str().unwrap()).await;
        assert_eq!(opened.bytes, image, "{item}");
    }
}

#[tokio::test]
async fn a_key_of_somebody_elses_opens_nothing() {
    let app = App::start().await;
    let theirs = app.client("eva").upload(None).await.text("s3Key");
    let client = app.client("ada");
    let body = json!({ "sessionId": "sess_e1_c1_1", "imageIndex": 0, "signedUrl": theirs });
    assert_eq!(send(&client, &body).await.status, 200);
    assert_eq!(list(&client).await["items"][0]["imageUrl"], Value::Null);
}

#[tokio::test]
async fn a_session_without_segments_is_empty_and_another_users_is_missing() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.start_session().await;
    let path = format!("/api/v1/session/{session}/segments");
    assert_eq!(client.get(&path).await.data()["items"], json!([]));
    assert_eq!(
        app.client("bob").get(&path).await.error(),
        (404, "SESSION_NOT_FOUND")
    );
    assert_eq!(send(&client, &segment(0)).await.status, 200);
    let named = app
        .client("bob")
        .get("/api/v1/session/sess_e1_c1_1/segments")
        .await;
    assert_eq!(named.error(), (404, "SESSION_NOT_FOUND"));
}
