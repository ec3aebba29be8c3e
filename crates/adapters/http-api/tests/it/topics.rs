//! Study time.

use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{App, sees};

/// 60 s of Biology, then 30 s of Math so far, on Wednesday 2026-03-04.
async fn studied() -> (App, String) {
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.upload(None).await.text("sessionId");
    app.clock.advance(TimeDelta::seconds(60));
    app.model.then(Ok(sees("Algebra", "Fractions")));
    client.upload(Some(&session)).await.data();
    app.clock.advance(TimeDelta::seconds(30));
    (app, session)
}

#[tokio::test]
async fn a_running_session_tells_its_study_time() {
    let (app, session) = studied().await;
    let path = format!("/api/v1/session/{session}/topic-stats");
    insta::assert_json_snapshot!(app.client("ada").get(&path).await.masked(), @r#"
    {
      "sessionId": "[id]",
      "topics": [
        {
          "activeSec": 60,
          "distractedSec": 0,
          "durationSec": 60,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Bio"
        },
        {
          "activeSec": 30,
          "distractedSec": 0,
          "durationSec": 30,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Math"
        }
      ],
      "totals": {
        "activeSec": 90,
        "distractedSec": 0,
        "durationSec": 90,
        "numDistracted": 0,
        "passiveSec": 0
      }
    }
    "#);
}

#[tokio::test]
async fn today_is_the_day_of_the_users_zone() {
    let (app, _) = studied().await;
    let client = app.client("ada");
    insta::assert_json_snapshot!(client.get("/api/v1/today/topic-stats").await.masked(), @r#"
    {
      "date": "2026-03-04",
      "topics": [
        {
          "activeSec": 60,
          "distractedSec": 0,
          "durationSec": 60,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Bio"
        },
        {
          "activeSec": 30,
          "distractedSec": 0,
          "durationSec": 30,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Math"
        }
      ],
      "totals": {
        "activeSec": 90,
        "distractedSec": 0,
        "durationSec": 90,
        "numDistracted": 0,
        "passiveSec": 0
      }
    }
    "#);
    app.clock.advance(TimeDelta::hours(12));
    let kiritimati = json!({ "timeZone": "Pacific/Kiritimati" });
    client
        .json(http::Method::PATCH, "/api/v1/user/profile", &kiritimati)
        .await
        .data();
    let answer = client.get("/api/v1/today/topic-stats").await;
    assert_eq!(answer.data()["date"], "2026-03-05");
}

#[tokio::test]
async fn a_day_tells_its_study_time() {
    let (app, _) = studied().await;
    let client = app.client("ada");
    let day = client.get("/api/v1/topic/daily?date=2026-03-04").await;
    assert_eq!(
        day.data(),
        client.get("/api/v1/today/topic-stats").await.data()
    );
    let empty = client.get("/api/v1/topic/daily?date=2026-03-03").await;
    assert_eq!(empty.data()["topics"], json!([]));
    assert_eq!(empty.data()["totals"]["durationSec"], 0);
}

#[tokio::test]
async fn a_week_begins_on_monday_and_has_seven_days() {
    let (app, _) = studied().await;
    let client = app.client("ada");
    let week = client.get("/api/v1/topic/weekly?weekOf=2026-03-08").await;
    insta::assert_json_snapshot!(week.masked(), @r#"
    {
      "dailyBreakdown": [
        {
          "date": "2026-03-02",
          "topics": []
        },
        {
          "date": "2026-03-03",
          "topics": []
        },
        {
          "date": "2026-03-04",
          "topics": [
            {
              "activeSec": 60,
              "distractedSec": 0,
              "durationSec": 60,
              "numDistracted": 0,
              "passiveSec": 0,
              "topic": "Bio"
            },
            {
              "activeSec": 30,
              "distractedSec": 0,
              "durationSec": 30,
              "numDistracted": 0,
              "passiveSec": 0,
              "topic": "Math"
            }
          ]
        },
        {
          "date": "2026-03-05",
          "topics": []
        },
        {
          "date": "2026-03-06",
          "topics": []
        },
        {
          "date": "2026-03-07",
          "topics": []
        },
        {
          "date": "2026-03-08",
          "topics": []
        }
      ],
      "totals": [
        {
          "activeSec": 60,
          "distractedSec": 0,
          "durationSec": 60,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Bio"
        },
        {
          "activeSec": 30,
          "distractedSec": 0,
          "durationSec": 30,
          "numDistracted": 0,
          "passiveSec": 0,
          "topic": "Math"
        }
      ],
      "weekOf": "2026-03-02"
    }
    "#);
    assert_eq!(week.data(), client.get("/api/v1/topic/weekly").await.data());
}

#[tokio::test]
async fn the_ends_of_the_calendar_have_weeks() {
    let app = App::start().await;
    let client = app.client("ada");
    for (day, monday) in [
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-20"),
        ("9999-12-26", "9999-12-20"),
    ] {
        let week = client
            .get(&format!("/api/v1/topic/weekly?weekOf={day}"))
            .await;
        assert_eq!(week.data()["weekOf"], monday);
    }
}

#[tokio::test]
async fn the_topics_studied_are_listed_with_subtopics() {
    let (app, _) = studied().await;
    insta::assert_json_snapshot!(app.client("ada").get("/api/v1/topic").await.masked(), @r#"
    {
      "items": [
        {
          "lastSeenAt": "2026-03-04T10:00:00Z",
          "subtopics": [
            {
              "lastSeenAt": "2026-03-04T10:00:00Z",
              "name": "Photosynthesis"
            }
          ],
          "topic": "Bio"
        },
        {
          "lastSeenAt": "2026-03-04T10:01:00Z",
          "subtopics": [
            {
              "lastSeenAt": "2026-03-04T10:01:00Z",
              "name": "Fractions"
            }
          ],
          "topic": "Math"
        }
      ],
      "nextCursor": null
    }
    "#);
}
