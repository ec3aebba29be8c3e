//! Sittings of study.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::App;

#[tokio::test]
async fn a_session_starts() {
    let app = App::start().await;
    let answer = app
        .client("ada")
        .post("/api/v1/session/start", &json!({}))
        .await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "sessionId": "[id]",
      "startedAt": "2026-03-04T10:00:00Z",
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn a_session_ends_once_and_answers_the_same_again() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.start_session().await;
    client.upload(Some(&session)).await.data();
    app.clock.advance(TimeDelta::seconds(45));
    let path = format!("/api/v1/session/{session}/end");
    let first = client.post(&path, &json!({})).await;
    insta::assert_json_snapshot!(first.masked(), @r#"
    {
      "endedAt": "2026-03-04T10:00:45Z",
      "sessionId": "[id]",
      "topicStats": [
        {
          "activeSec": 45,
          "distractedSec": 0,
          "durationSec": 45,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Bio"
        }
      ],
      "totalAnalyses": 1
    }
    "#);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(client.post(&path, &json!({})).await.data(), first.data());
}

#[tokio::test]
async fn the_active_session_is_the_newest_that_has_not_ended() {
    let app = App::start().await;
    let client = app.client("ada");
    assert_eq!(
        client.get("/api/v1/session/active").await.data(),
        &Value::Null
    );
    client.start_session().await;
    app.clock.advance(TimeDelta::seconds(1));
    let newest = client.start_session().await;
    let active = client.get("/api/v1/session/active").await;
    assert_eq!(active.text("sessionId"), newest);
    insta::assert_json_snapshot!(active.masked(), @r#"
    {
      "date": "2026-03-04",
      "endedAt": null,
      "lastActivityAt": "2026-03-04T10:00:01Z",
      "sessionId": "[id]",
      "startedAt": "2026-03-04T10:00:01Z",
      "status": "active",
      "timeZone": "UTC"
    }
    "#);
}

#[tokio::test]
async fn a_session_tells_how_much_was_analyzed_in_it() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.upload(None).await.text("sessionId");
    let answer = client.get(&format!("/api/v1/session/{session}")).await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "date": "2026-03-04",
      "endedAt": null,
      "lastActivityAt": "2026-03-04T10:00:00Z",
      "sessionId": "[id]",
      "startedAt": "2026-03-04T10:00:00Z",
      "status": "active",
      "timeZone": "UTC",
      "totalAnalyses": 1
    }
    "#);
}

#[tokio::test]
async fn sessions_are_listed_newest_first_a_page_at_a_time() {
    let app = App::start().await;
    let client = app.client("ada");
    let mut started = Vec::new();
    for _ in 0..3 {
        started.push(client.start_session().await);
        app.clock.advance(TimeDelta::days(1));
    }
    let first = client.get("/api/v1/session?limit=2").await;
    let cursor = first.text("nextCursor");
    let second = client
        .get(&format!("/api/v1/session?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(ids(first.data()), [started[2].as_str(), &started[1]]);
    assert_eq!(ids(second.data()), [started[0].as_str()]);
    assert_eq!(second.data()["nextCursor"], Value::Null);
    let of_day = client.get("/api/v1/session?date=2026-03-05").await;
    assert_eq!(ids(of_day.data()), [started[1].as_str()]);
}

#[tokio::test]
async fn the_events_of_a_session_are_listed() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.upload(None).await.text("sessionId");
    let answer = client
        .get(&format!("/api/v1/session/{session}/events"))
        .await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "items": [
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
          "capturedAt": "2026-03-04T10:00:00Z",
          "s3Key": "[key]",
          "sessionId": "[id]",
          "uploadedAt": "2026-03-04T10:00:00Z"
        }
      ],
      "nextCursor": null
    }
    "#);
}

fn ids(listing: &Value) -> Vec<&str> {
    let items = listing["items"].as_array().unwrap().iter();
    items
        .map(|item| item["sessionId"].as_str().unwrap())
        .collect()
}
