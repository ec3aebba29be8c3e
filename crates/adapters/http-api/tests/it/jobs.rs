//! Analyses that are made in a job.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Method;
use jobs::{Bell, Handlers, Worker, WorkerPorts, WorkerRules};
use serde_json::json;
use uuid::Uuid;
use vision::{AnalyzeHandler, ModelError};

use crate::harness::{Answer, App, Client, TokioTasks, TokioTimer, form, jpeg};

const ASYNC: &str = "/api/v1/analyze?mode=async";

/// Nobody has to be told.
struct Silence;

#[async_trait]
impl Bell for Silence {
    async fn rung(&self) {
        std::future::pending::<()>().await;
    }
}

/// Carries out what is due, and nothing more.
async fn work(app: &App) {
    let database = Arc::new(app.database.clone());
    let ports = WorkerPorts {
        queue: database,
        handlers: Handlers::default().with(AnalyzeHandler::new(app.vision.clone())),
        bell: Arc::new(Silence),
        clock: app.clock.clone(),
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(TokioTasks),
    };
    let rules = WorkerRules {
        look_every: Duration::from_millis(20),
        ..WorkerRules::default()
    };
    let database = app.database.clone();
    let clock = app.clock.clone();
    let stop: BoxFuture<'static, ()> = Box::pin(async move {
        while is_any_due(&database, clock.as_ref()).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let worker = Worker::new(ports, rules, Uuid::from_u128(1));
    worker.run(stop.shared()).await;
}

async fn is_any_due(database: &database::Database, clock: &dyn kernel::Clock) -> bool {
    let depths = jobs::JobYard::depths(database, clock.now()).await.unwrap();
    depths
        .iter()
        .any(|depth| depth.running > 0 || depth.due_since.is_some())
}

async fn sent(client: &Client, file: &[u8]) -> Answer {
    let body = form("XX", &[("image", Some("page.jpg"), file)]);
    client.form(ASYNC, body).await
}

async fn job(client: &Client, accepted: &Answer) -> Answer {
    assert_eq!(accepted.status.as_u16(), 202, "{accepted:?}");
    let id = accepted.body["data"]["jobId"].as_str().unwrap();
    client.get(&format!("/api/v1/jobs/{id}")).await
}

#[tokio::test]
async fn the_image_is_stored_before_the_answer_and_a_job_says_what_the_call_would_have() {
    let app = App::start().await;
    let ada = app.client("ada");
    let accepted = sent(&ada, &jpeg()).await;
    assert_eq!((app.stored_objects(), app.model.calls()), (1, 0));
    let waiting = job(&ada, &accepted).await;
    assert_eq!(waiting.data()["state"], "waiting");
    assert_eq!(waiting.data()["progress"], 0);
    work(&app).await;
    let done = job(&ada, &accepted).await;
    insta::assert_json_snapshot!(done.masked(), @r#"
    {
      "attempts": 1,
      "createdAt": "2026-03-04T10:00:00Z",
      "endedAt": "2026-03-04T10:00:00Z",
      "error": null,
      "jobId": "[id]",
      "kind": "analyze",
      "progress": 100,
      "result": {
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
      },
      "state": "done"
    }
    "#);
    assert_eq!(app.model.calls(), 1);
}

#[tokio::test]
async fn a_stored_image_is_analyzed_in_its_session_also_when_that_has_ended_since() {
    let app = App::start().await;
    let ada = app.client("ada");
    let session = ada.start_session().await;
    let body = form("XX", &[("file", Some("page.jpg"), &jpeg())]);
    let key = ada.form("/api/v1/upload", body).await.text("s3Key");
    let input = json!({ "s3Key": key, "sessionId": session });
    let accepted = ada.json(Method::POST, ASYNC, &input).await;
    ada.empty(Method::POST, &format!("/api/v1/session/{session}/end"))
        .await;
    work(&app).await;
    let done = job(&ada, &accepted).await;
    assert_eq!(done.data()["result"]["sessionId"], session.as_str());
    assert_eq!(done.data()["result"]["s3Key"], key.as_str());
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_answered_at_once() {
    let app = App::start().await;
    let ada = app.client("ada");
    let refused = sent(&ada, b"no image").await;
    assert_eq!(refused.error(), (400, "NOT_AN_IMAGE"));
    let nobodys = "0197a1b2-0000-7000-8000-000000000001";
    let in_session = json!({ "s3Key": "uploads/x.jpg", "sessionId": nobodys });
    let refused = ada.json(Method::POST, ASYNC, &in_session).await;
    assert_eq!(refused.error(), (404, "SESSION_NOT_FOUND"));
    let missing = format!("uploads/{nobodys}/2026/03/01/{nobodys}.jpg");
    let refused = ada
        .json(Method::POST, ASYNC, &json!({ "s3Key": missing }))
        .await;
    assert_eq!(refused.error(), (404, "OBJECT_NOT_FOUND"));
    let refused = ada.empty(Method::POST, "/api/v1/analyze?mode=later").await;
    assert_eq!(refused.error(), (400, "VALIDATION_FAILED"));
}

#[tokio::test]
async fn a_job_that_fails_tells_the_code_of_the_synchronous_call() {
    let app = App::start().await;
    let ada = app.client("ada");
    app.model.then(Err(ModelError::BadOutput("no JSON".into())));
    let accepted = sent(&ada, &jpeg()).await;
    work(&app).await;
    let failed = job(&ada, &accepted).await;
    assert_eq!(failed.data()["state"], "failed");
    assert_eq!(failed.data()["error"]["code"], "VISION_BAD_OUTPUT");
    assert!(failed.data()["error"]["details"]["s3Key"].is_string());
}

#[tokio::test]
async fn a_model_that_is_away_is_asked_again_later() {
    let app = App::start().await;
    let ada = app.client("ada");
    app.model.then(Err(ModelError::Unavailable("away".into())));
    let accepted = sent(&ada, &jpeg()).await;
    work(&app).await;
    let waiting = job(&ada, &accepted).await;
    assert_eq!(waiting.data()["state"], "waiting");
    assert_eq!(waiting.data()["attempts"], 1);
    assert_eq!(waiting.data()["error"]["code"], "VISION_UNAVAILABLE");
    app.clock.advance(chrono::TimeDelta::minutes(1));
    work(&app).await;
    let done = job(&ada, &accepted).await;
    assert_eq!(done.data()["state"], "done");
    assert_eq!(done.data()["attempts"], 2);
    assert!(done.data()["error"].is_null());
}

#[tokio::test]
async fn a_job_of_another_user_is_answered_as_a_missing_one() {
    let app = App::start().await;
    let accepted = sent(&app.client("ada"), &jpeg()).await;
    let eve = app.client("eve");
    assert_eq!(job(&eve, &accepted).await.error(), (404, "JOB_NOT_FOUND"));
    for id in ["0197a1b2-0000-7000-8000-000000000001", "1"] {
        let answer = eve.get(&format!("/api/v1/jobs/{id}")).await;
        assert_eq!(answer.error(), (404, "JOB_NOT_FOUND"));
    }
}

#[tokio::test]
async fn the_same_request_again_is_the_same_job() {
    let app = App::start().await;
    let ada = app.client("ada").with("Idempotency-Key", "k1");
    let first = sent(&ada, &jpeg()).await;
    let second = sent(&ada, &jpeg()).await;
    assert_eq!(first.body["data"], second.body["data"]);
    assert_eq!(app.stored_objects(), 1);
    work(&app).await;
    assert_eq!(app.model.calls(), 1);
}
