//! What operators look at.

use std::sync::Arc;

use async_trait::async_trait;
use http::StatusCode;
use http_api::{Identity, ReadinessCheck};
use serde_json::{Value, json};

use crate::harness::{App, Contract, Setup};

struct Check(&'static str, Result<(), String>);

#[async_trait]
impl ReadinessCheck for Check {
    fn name(&self) -> &'static str {
        self.0
    }

    async fn check(&self) -> Result<(), String> {
        self.1.clone()
    }
}

async fn depending_on(objects: Result<(), String>) -> App {
    let setup = Setup {
        readiness: vec![
            Arc::new(Check("database", Ok(()))),
            Arc::new(Check("objects", objects)),
        ],
        identity: Identity::Secured,
        ..Setup::default()
    };
    setup.start().await
}

#[tokio::test]
async fn the_process_answers() {
    let app = App::start().await;
    insta::assert_json_snapshot!(app.client("ada").get("/health/live").await.masked(), @r#"
    {
      "status": "live"
    }
    "#);
}

#[tokio::test]
async fn readiness_names_each_dependency() {
    let app = depending_on(Ok(())).await;
    insta::assert_json_snapshot!(app.client("ada").get("/health/ready").await.masked(), @r#"
    {
      "dependencies": [
        {
          "name": "database",
          "state": "up"
        },
        {
          "name": "objects",
          "state": "up"
        }
      ],
      "status": "ready"
    }
    "#);
    assert_eq!(
        app.client("ada").get("/api/health/ready").await.status,
        StatusCode::OK
    );
}

/// Down, and nothing hangs on it.
struct Helper;

#[async_trait]
impl ReadinessCheck for Helper {
    fn name(&self) -> &'static str {
        "redis"
    }

    fn is_vital(&self) -> bool {
        false
    }

    async fn check(&self) -> Result<(), String> {
        Err("nobody there".to_owned())
    }
}

#[tokio::test]
async fn what_the_server_can_do_without_is_named_and_traffic_goes_on() {
    let setup = Setup {
        readiness: vec![Arc::new(Helper), Arc::new(Check("database", Ok(())))],
        ..Setup::default()
    };
    let answer = setup.start().await.client("ada").get("/health/ready").await;
    let redis = json!({ "name": "redis", "state": "down" });
    assert_eq!(answer.data()["dependencies"][0], redis);
}

#[tokio::test]
async fn a_dependency_that_is_down_is_named_without_its_reason() {
    let app = depending_on(Err("password refused".to_owned())).await;
    let answer = app.client("ada").get("/health/ready").await;
    assert_eq!(answer.error(), (503, "NOT_READY"));
    insta::assert_json_snapshot!(answer.body["error"]["details"], @r#"
    {
      "dependencies": [
        {
          "name": "database",
          "state": "up"
        },
        {
          "name": "objects",
          "state": "down"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn metrics_are_plain_text() {
    let app = App::start().await;
    let answer = app.client("ada").get("/metrics").await;
    assert_eq!(
        answer.headers["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(answer.bytes, b"# no metrics\n");
}

#[tokio::test]
async fn the_document_is_served_as_it_is_generated() {
    let app = App::start().await;
    let answer = app.client("ada").get("/api-docs/openapi.json").await;
    assert_eq!(answer.body, Contract::get().0);
    assert_eq!(answer.body["openapi"], json!("3.1.0"));
}

#[tokio::test]
async fn the_swagger_ui_is_served_with_a_policy_that_lets_it_run() {
    let app = App::start().await;
    let client = app.client("ada");
    let page = client.get("/api-docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'self'")
            && policy.contains("style-src 'self' 'unsafe-inline'")
    );
    let text = String::from_utf8(page.bytes).unwrap();
    assert!(
        !text.contains("<script>"),
        "an inline script would be blocked"
    );
    let script = client.get("/api-docs/swagger-initializer.js").await;
    assert!(
        String::from_utf8(script.bytes)
            .unwrap()
            .contains("/api-docs/openapi.json")
    );
    for mount in ["/api", "/api/v1"] {
        let moved = client.get(&format!("{mount}/api-docs")).await;
        assert_eq!(moved.headers["location"], "/api-docs");
    }
    assert_eq!(
        client.get("/api-docs/missing.js").await.body["error"]["code"],
        Value::from("NOT_FOUND")
    );
}
