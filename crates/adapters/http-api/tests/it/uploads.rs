//! Images that clients put behind upload links.

use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, jpeg};

async fn presign(client: &Client, wanted: &Value) -> Answer {
    client.post("/api/v1/upload/presign", wanted).await
}

fn wanted() -> Value {
    json!({ "contentType": "image/jpeg", "size": jpeg().len(), "sha256": sha256(&jpeg()) })
}

fn sha256(bytes: &[u8]) -> String {
    objects::Sha256Digest::of(bytes).to_string()
}

async fn put(client: &Client, link: &Value, media_type: &str, body: Vec<u8>) -> Answer {
    let request = client.request(Method::PUT, link["uploadUrl"].as_str().unwrap());
    let request = request.header("content-type", media_type);
    client.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn an_image_put_behind_its_link_is_analyzed_by_its_key() {
    let app = App::start().await;
    let client = app.client("ada");
    let link = presign(&client, &wanted()).await.data().clone();
    let analyze = json!({ "s3Key": link["s3Key"] });
    let missing = client.post("/api/v1/analyze", &analyze).await;
    assert_eq!(missing.error(), (404, "OBJECT_NOT_FOUND"));
    assert_eq!(put(&client, &link, "image/jpeg", jpeg()).await.status, 204);
    for _ in 0..2 {
        let seen = client.post("/api/v1/analyze", &analyze).await;
        assert_eq!(seen.data()["s3Key"], link["s3Key"]);
    }
    let again = put(&client, &link, "image/jpeg", jpeg()).await;
    assert_eq!(again.error(), (412, "OBJECT_EXISTS"));
}

#[tokio::test]
async fn another_size_type_or_checksum_is_refused_at_the_link() {
    let app = App::start().await;
    let client = app.client("ada");
    let link = presign(&client, &wanted()).await.data().clone();
    let mut changed = jpeg();
    *changed.last_mut().unwrap() ^= 1;
    for (media_type, body, field) in [
        ("image/png", jpeg(), "contentType"),
        ("image/jpeg", jpeg()[1..].to_vec(), "size"),
        ("image/jpeg", [jpeg(), vec![0]].concat(), "size"),
        ("image/jpeg", changed, "sha256"),
    ] {
        let answer = put(&client, &link, media_type, body).await;
        assert_eq!(answer.error(), (400, "UPLOAD_MISMATCH"));
        assert_eq!(answer.body["error"]["details"]["field"], field);
    }
    assert_eq!(app.stored_objects(), 0);
}

#[tokio::test]
async fn a_late_upload_and_a_changed_link_are_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    let link = presign(&client, &wanted()).await.data().clone();
    let url = link["uploadUrl"].as_str().unwrap();
    let larger = json!({ "uploadUrl": url.replace("size=", "size=1") });
    let forged = put(&client, &larger, "image/jpeg", jpeg()).await;
    assert_eq!(forged.error(), (403, "LINK_INVALID"));
    app.clock.advance(chrono::TimeDelta::minutes(15));
    let late = put(&client, &link, "image/jpeg", jpeg()).await;
    assert_eq!(late.error(), (403, "LINK_EXPIRED"));
}

#[tokio::test]
async fn bytes_of_another_type_than_promised_are_found_when_they_are_asked_for() {
    let app = App::start().await;
    let client = app.client("ada");
    let wanted = json!({ "contentType": "image/png", "size": jpeg().len() });
    let link = presign(&client, &wanted).await.data().clone();
    assert_eq!(put(&client, &link, "image/png", jpeg()).await.status, 204);
    let seen = client
        .post("/api/v1/analyze", &json!({ "s3Key": link["s3Key"] }))
        .await;
    assert_eq!(seen.error(), (400, "UPLOAD_MISMATCH"));
    assert_eq!(app.stored_objects(), 0);
}

#[tokio::test]
async fn what_cannot_be_an_image_gets_no_link() {
    let app = App::start().await;
    let client = app.client("ada");
    for (wanted, code) in [
        (
            json!({ "contentType": "text/html", "size": 1 }),
            "VALIDATION_FAILED",
        ),
        (
            json!({ "contentType": "image/png", "size": 0 }),
            "VALIDATION_FAILED",
        ),
        (
            json!({ "contentType": "image/png", "size": 1, "sha256": "x" }),
            "VALIDATION_FAILED",
        ),
        (
            json!({ "contentType": "image/png", "size": 10_485_761 }),
            "FILE_TOO_LARGE",
        ),
    ] {
        assert_eq!(
            presign(&client, &wanted).await.error(),
            (400, code),
            "{wanted}"
        );
    }
}

#[tokio::test]
async fn a_part_of_an_object_is_served() {
    let app = App::start().await;
    let client = app.client("ada");
    let link = client.upload(None).await.text("s3Url");
    let part = client.with("range", "bytes=2-4").get(&link).await;
    assert_eq!(
        (part.status.as_u16(), part.bytes.as_slice()),
        (206, &jpeg()[2..5])
    );
    let whole = jpeg().len();
    assert_eq!(part.headers["content-range"], format!("bytes 2-4/{whole}"));
    let behind = client.with("range", "bytes=999999999-").get(&link).await;
    assert_eq!(behind.error(), (416, "RANGE_NOT_SATISFIABLE"));
}

#[tokio::test]
async fn what_nobody_asks_for_is_removed_an_hour_after_its_link_has_expired() {
    let app = App::start().await;
    let client = app.client("ada");
    let links = [
        presign(&client, &wanted()).await.data().clone(),
        presign(&client, &wanted()).await.data().clone(),
    ];
    for link in &links {
        assert_eq!(put(&client, link, "image/jpeg", jpeg()).await.status, 204);
    }
    let analyze = links.map(|link| json!({ "s3Key": link["s3Key"] }));
    client.post("/api/v1/analyze", &analyze[0]).await.data();
    app.clock.advance(chrono::TimeDelta::minutes(75));
    assert_eq!(app.uploads.sweep().await.unwrap(), 0);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(app.uploads.sweep().await.unwrap(), 1);
    client.post("/api/v1/analyze", &analyze[0]).await.data();
    let gone = client.post("/api/v1/analyze", &analyze[1]).await;
    assert_eq!(gone.error(), (404, "OBJECT_NOT_FOUND"));
    assert_eq!(app.uploads.sweep().await.unwrap(), 0);
}
