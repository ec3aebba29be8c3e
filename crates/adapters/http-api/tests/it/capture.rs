//! Images come in.

use std::time::Duration;

use http::Method;
use serde_json::json;
use vision::ModelError;

use crate::harness::{App, form, jpeg};

#[tokio::test]
async fn an_upload_without_a_session_starts_one_and_tells_what_was_seen() {
    let app = App::start().await;
    let answer = app.client("ada").upload(None).await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "analysis": {
        "contentAnalysis": {
          "extractedText": "A page about Photosynthesis.",
          "isActive": true,
          "isDistracted": false,
          "isStudying": true,
          "subtopic": "Photosynthesis",
          "topic": "Biology"
        },
        "model": "scripted-1",
        "reused": false,
        "topicEnum": "Bio"
      },
      "analysisId": "[id]",
      "s3Key": "[key]",
      "s3Url": "[link]",
      "sessionId": "[id]",
      "uploadedAt": "2026-03-04T10:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn an_image_is_stored_without_being_looked_at() {
    let app = App::start().await;
    let body = form("XX", &[("image", Some("page.jpg"), &jpeg())]);
    let answer = app.client("ada").form("/api/v1/upload", body).await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "s3Key": "[key]",
      "s3Url": "[link]"
    }
    "#);
    assert_eq!(app.model.calls(), 0);
}

#[tokio::test]
async fn a_stored_image_is_analyzed_by_its_key_in_a_session() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.start_session().await;
    let body = form("XX", &[("file", Some("page.jpg"), &jpeg())]);
    let key = client.form("/api/v1/upload", body).await.text("s3Key");
    let input = json!({ "s3Key": key, "sessionId": session });
    let answer = client.post("/api/v1/analyze?mode=sync", &input).await;
    assert_eq!(answer.text("sessionId"), session);
    assert_eq!(answer.text("s3Key"), key);
    assert_eq!(app.stored_objects(), 1);
}

#[tokio::test]
async fn analyze_takes_a_form_too() {
    let app = App::start().await;
    let body = form("XX", &[("image", None, &jpeg())]);
    let answer = app.client("ada").form("/api/v1/analyze", body).await;
    assert_eq!(answer.data()["analysis"]["topicEnum"], "Bio");
}

#[tokio::test]
async fn a_signed_link_opens_the_original_and_nothing_else_does() {
    let app = App::start().await;
    let client = app.client("ada");
    let link = client.upload(None).await.text("s3Url");
    let path = link.strip_prefix("http://localhost:8080").unwrap();
    let object = client.get(path).await;
    assert_eq!(object.bytes, jpeg());
    assert_eq!(object.headers["content-type"], "image/jpeg");
    let forged = path.replace("signature=", "signature=A");
    assert_eq!(client.get(&forged).await.error(), (403, "LINK_INVALID"));
    let strange = "/api/v1/objects/..%2F..%2Fetc%2Fpasswd?expires=1&signature=x";
    assert_eq!(client.get(strange).await.error(), (403, "LINK_INVALID"));
    app.clock.advance(chrono::TimeDelta::hours(2));
    assert_eq!(client.get(path).await.error(), (403, "LINK_EXPIRED"));
}

#[tokio::test]
async fn the_session_header_wins_over_the_field_and_the_capture_time_counts() {
    let app = App::start().await;
    let client = app.client("ada");
    let (header, field) = (client.start_session().await, client.start_session().await);
    let (image, at) = (jpeg(), b"2026-03-04T10:58:00.250+01:00");
    let parts = [
        ("sessionId", None, field.as_bytes()),
        ("capturedAt", None, at),
        ("image", None, &image[..]),
        ("other", None, b"x"),
    ];
    let request = client
        .request(Method::POST, "/api/upload-and-analyze")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("x-session-id", &header);
    let answer = client
        .send(request.body(form("XX", &parts).into()).unwrap())
        .await;
    assert_eq!(answer.text("sessionId"), header);
    let events = client.get(&format!("/api/session/{header}/events")).await;
    assert_eq!(
        events.data()["items"][0]["capturedAt"],
        "2026-03-04T09:58:00.250Z"
    );
}

#[tokio::test]
async fn an_ended_or_unknown_session_is_refused_before_anything_is_stored_or_looked_at() {
    let app = App::start().await;
    let client = app.client("ada");
    let ended = client.start_session().await;
    client
        .post(&format!("/api/v1/session/{ended}/end"), &json!({}))
        .await
        .data();
    let unknown = "0197a1b2-0000-7000-8000-000000000001";
    assert_eq!(
        client.upload(Some(&ended)).await.error(),
        (400, "SESSION_INACTIVE")
    );
    assert_eq!(
        client.upload(Some(unknown)).await.error(),
        (404, "SESSION_NOT_FOUND")
    );
    assert_eq!(
        client.upload(Some("nonsense")).await.error(),
        (404, "SESSION_NOT_FOUND")
    );
    assert_eq!((app.model.calls(), app.stored_objects()), (0, 0));
}

#[tokio::test]
async fn every_failure_of_the_model_has_its_code_and_the_key_to_ask_again() {
    let app = App::start().await;
    let client = app.client("ada");
    let quota = |wait: Option<Duration>| ModelError::RateLimited { retry_after: wait };
    let failures = [
        (
            ModelError::BadOutput("refused".to_owned()),
            (502, "VISION_BAD_OUTPUT"),
            None,
        ),
        (
            ModelError::Unavailable("down".to_owned()),
            (502, "VISION_UNAVAILABLE"),
            None,
        ),
        (ModelError::Timeout, (504, "VISION_TIMEOUT"), None),
        (
            quota(Some(Duration::from_millis(6_200))),
            (503, "VISION_RATE_LIMITED"),
            Some("7"),
        ),
        (quota(None), (503, "VISION_RATE_LIMITED"), Some("60")),
    ];
    for (failure, expected, retry_after) in failures {
        app.model.then(Err(failure));
        let answer = client.upload(None).await;
        assert_eq!(answer.error(), expected);
        let header = answer
            .headers
            .get("retry-after")
            .map(|value| value.to_str().unwrap());
        assert_eq!(header, retry_after);
        let key = &answer.body["error"]["details"]["s3Key"];
        let again = client
            .post("/api/v1/analyze", &json!({ "s3Key": key }))
            .await;
        assert_eq!(again.data()["s3Key"], *key);
    }
}
