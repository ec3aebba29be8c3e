//! How often the student asked for help.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::App;

#[tokio::test]
async fn a_request_for_help_counts_for_what_was_seen_last() {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.upload(None).await.text("sessionId");
    let answer = client
        .post("/api/v1/help-count", &json!({ "sessionId": session }))
        .await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "at": "2026-03-04T10:00:00Z",
      "date": "2026-03-04",
      "helpRequestId": "[id]",
      "sessionId": "[id]",
      "topic": "Bio"
    }
    "#);
}

#[tokio::test]
async fn help_is_counted_per_day_and_topic() {
    let app = App::start().await;
    let client = app.client("ada");
    for topic in ["Biology", "bio", "Algebra"] {
        client
            .post("/api/v1/help-count", &json!({ "topic": topic }))
            .await
            .data();
    }
    app.clock.advance(TimeDelta::days(1));
    client.post("/api/v1/help-count", &json!({})).await.data();
    insta::assert_json_snapshot!(client.get("/api/v1/help-count").await.masked(), @r#"
    {
      "items": [
        {
          "count": 2,
          "date": "2026-03-04",
          "topic": "Bio"
        },
        {
          "count": 1,
          "date": "2026-03-04",
          "topic": "Math"
        },
        {
          "count": 1,
          "date": "2026-03-05",
          "topic": "Unknown"
        }
      ],
      "nextCursor": null
    }
    "#);
}

#[tokio::test]
async fn at_most_a_leap_year_is_answered_and_a_month_without_a_beginning() {
    let app = App::start().await;
    let client = app.client("ada");
    client.post("/api/v1/help-count", &json!({})).await.data();
    let count = async |query: &str| {
        let answer = client.get(&format!("/api/v1/help-count{query}")).await;
        answer.data()["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("?to=2026-04-02").await, 1);
    assert_eq!(count("?to=2026-04-03").await, 0);
    assert_eq!(count("?from=0001-01-01&to=2027-03-04").await, 1);
    assert_eq!(count("?from=0001-01-01&to=2027-03-05").await, 0);
    assert_eq!(count("?from=9999-12-31&to=0001-01-01").await, 0);
    let all = client.get("/api/v1/help-count").await;
    assert_eq!(all.data()["nextCursor"], Value::Null);
}
