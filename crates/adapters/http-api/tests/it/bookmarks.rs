//! Analyses to find again.

use chrono::TimeDelta;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client};

async fn bookmark(client: &Client) -> Answer {
    let analysis = client.upload(None).await.text("analysisId");
    let new = json!({ "analysisId": analysis, "note": "  for the exam " });
    client.post("/api/v1/bookmark", &new).await
}

#[tokio::test]
async fn an_analysis_is_bookmarked() {
    let app = App::start().await;
    insta::assert_json_snapshot!(bookmark(&app.client("ada")).await.masked(), @r#"
    {
      "analysisId": "[id]",
      "bookmarkId": "[id]",
      "createdAt": "2026-03-04T10:00:00Z",
      "note": "for the exam",
      "sessionId": "[id]",
      "updatedAt": "2026-03-04T10:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn bookmarks_are_listed_of_all_sessions_or_of_one() {
    let app = App::start().await;
    let client = app.client("ada");
    let (first, second) = (bookmark(&client).await, bookmark(&client).await);
    let all = client.get("/api/v1/bookmark").await;
    assert_eq!(all.data()["items"].as_array().unwrap().len(), 2);
    let path = format!("/api/v1/bookmark?sessionId={}", first.text("sessionId"));
    assert_eq!(
        client.get(&path).await.data()["items"],
        json!([first.data()])
    );
    assert_ne!(first.text("sessionId"), second.text("sessionId"));
}

#[tokio::test]
async fn a_note_is_replaced_and_removed() {
    let app = App::start().await;
    let client = app.client("ada");
    let path = format!(
        "/api/v1/bookmark/{}",
        bookmark(&client).await.text("bookmarkId")
    );
    app.clock.advance(TimeDelta::seconds(5));
    let edited = client
        .json(Method::PATCH, &path, &json!({ "note": "later" }))
        .await;
    insta::assert_json_snapshot!(edited.masked(), @r#"
    {
      "analysisId": "[id]",
      "bookmarkId": "[id]",
      "createdAt": "2026-03-04T10:00:00Z",
      "note": "later",
      "sessionId": "[id]",
      "updatedAt": "2026-03-04T10:00:05Z"
    }
    "#);
    let blank = client
        .json(Method::PATCH, &path, &json!({ "note": null }))
        .await;
    assert_eq!(blank.data()["note"], Value::Null);
}

#[tokio::test]
async fn a_removed_bookmark_is_gone() {
    let app = App::start().await;
    let client = app.client("ada");
    let path = format!(
        "/api/v1/bookmark/{}",
        bookmark(&client).await.text("bookmarkId")
    );
    let delete = || {
        client
            .request(Method::DELETE, &path)
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let removed = client.send(delete()).await;
    assert_eq!(removed.status, StatusCode::OK);
    insta::assert_json_snapshot!(removed.masked(), @r#"
    {
      "bookmarkId": "[id]"
    }
    "#);
    assert_eq!(
        client.send(delete()).await.error(),
        (404, "BOOKMARK_NOT_FOUND")
    );
}
