//! Who is asking.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use http::Method;
use http_api::{CorsOrigins, Identity, TokenCheck, TokenFault};
use kernel::{Fault, PortError, UserId};

use crate::harness::{App, Contract, Operation, Setup, jpeg};

const ID: &str = "0197a1b2-0000-7000-8000-000000000001";

fn secured() -> Setup {
    Setup {
        identity: Identity::Secured,
        ..Setup::default()
    }
}

/// Operations that ask for no identity; nothing may be added here without thought.
const OPEN: [&str; 5] = [
    "/api/v1/objects/{key}",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/api-docs/openapi.json",
];

fn private() -> Vec<Operation> {
    let operations = Contract::get().operations();
    let is_private = |operation: &Operation| !OPEN.contains(&operation.path.as_str());
    operations.into_iter().filter(is_private).collect()
}

async fn code(app: &App, operation: &Operation, header: Option<(&str, &str)>) -> (u16, String) {
    let client = app.client("ada");
    let path = operation
        .path
        .replace("{sessionId}", ID)
        .replace("{bookmarkId}", ID);
    let mut request = client.request(operation.method.clone(), &path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    let (status, code) = answer.error();
    (status, code.to_owned())
}

#[tokio::test]
async fn in_secured_mode_nobody_gets_in_without_a_token() {
    let app = secured().start().await;
    for operation in private() {
        let answer = code(&app, &operation, None).await;
        assert_eq!(answer, (401, "UNAUTHORIZED".to_owned()), "{operation:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_never_turns_into_nobody() {
    let (open, secured) = (App::start().await, secured().start().await);
    let tokens = [
        ("authorization", "Bearer nonsense"),
        ("authorization", "Bearer "),
        ("authorization", "Basic YTpi"),
        ("authorization", "nonsense"),
        ("cookie", "auth_token=nonsense"),
        ("cookie", "other=1; auth_token="),
    ];
    for operation in private() {
        for token in tokens {
            for app in [&open, &secured] {
                let answer = code(app, &operation, Some(token)).await;
                assert_eq!(
                    answer,
                    (401, "UNAUTHORIZED".to_owned()),
                    "{token:?} {operation:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_document_says_which_operations_ask_for_identity() {
    for operation in Contract::get().operations() {
        let is_open = OPEN.contains(&operation.path.as_str());
        let security = operation.document["security"].as_array().unwrap();
        assert_eq!(security.len(), if is_open { 1 } else { 3 }, "{operation:?}");
    }
}

#[tokio::test]
async fn what_belongs_to_another_is_as_missing_as_what_never_was() {
    let app = App::start().await;
    let (ada, bob) = (app.client("ada"), app.client("bob"));
    let uploaded = ada.upload(None).await;
    let (session, analysis) = (uploaded.text("sessionId"), uploaded.text("analysisId"));
    let new = serde_json::json!({ "analysisId": analysis });
    let bookmark = ada.post("/api/v1/bookmark", &new).await.text("bookmarkId");
    let note = serde_json::json!({ "note": "mine" });
    let mut tried = 0;
    for operation in private() {
        if !operation.path.contains('{') {
            continue;
        }
        tried += 1;
        let path = operation
            .path
            .replace("{sessionId}", &session)
            .replace("{bookmarkId}", &bookmark);
        let answer = bob.json(operation.method.clone(), &path, &note).await;
        let code = if path.contains("bookmark") {
            "BOOKMARK_NOT_FOUND"
        } else {
            "SESSION_NOT_FOUND"
        };
        assert_eq!(answer.error(), (404, code), "{operation:?}");
    }
    assert_eq!(tried, 6);
    assert_eq!(
        bob.post("/api/v1/bookmark", &new).await.error(),
        (404, "ANALYSIS_NOT_FOUND")
    );
    assert_eq!(
        bob.upload(Some(&session)).await.error(),
        (404, "SESSION_NOT_FOUND")
    );
    let key = serde_json::json!({ "s3Key": uploaded.text("s3Key") });
    assert_eq!(
        bob.post("/api/v1/analyze", &key).await.error(),
        (404, "OBJECT_NOT_FOUND")
    );
    assert_eq!(app.stored_objects(), 1, "{}", jpeg().len());
}

#[tokio::test]
async fn in_open_mode_the_header_names_the_user_and_a_strange_name_is_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    assert_eq!(
        client.get("/api/v1/user/profile").await.text("userId"),
        UserId::from_name("ada").to_string()
    );
    let nobody = http::Request::get("/api/v1/user/profile")
        .body(Body::empty())
        .unwrap();
    let answer = client.send(nobody).await;
    assert_eq!(
        answer.text("userId"),
        UserId::from_name("default").to_string()
    );
    for name in ["", "a b", "é", &"x".repeat(129)] {
        let request =
            http::Request::get("/api/v1/user/profile").header("x-user-id", name.as_bytes());
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(), (400, "VALIDATION_FAILED"), "{name}");
    }
}

struct Tokens;

#[async_trait]
impl TokenCheck for Tokens {
    async fn check(&self, token: &str) -> Result<UserId, TokenFault> {
        match token {
            "good" => Ok(UserId::from_name("grace")),
            "while the database is away" => {
                Err(PortError::bare(Fault::Unavailable, "look up token").into())
            }
            _ => Err(TokenFault::Invalid),
        }
    }
}

async fn with_tokens() -> App {
    let setup = Setup {
        tokens: Some(Arc::new(Tokens)),
        cors: CorsOrigins::List(vec!["https://app.example".to_owned()]),
        ..secured()
    };
    setup.start().await
}

#[tokio::test]
async fn a_token_names_the_user_whatever_other_headers_say() {
    let app = with_tokens().await;
    let client = app.client("ada");
    for (header, value) in [
        ("authorization", "bearer good"),
        ("cookie", "auth_token=good"),
    ] {
        let request = client
            .request(Method::GET, "/api/v1/user/profile")
            .header(header, value);
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer.text("userId"),
            UserId::from_name("grace").to_string()
        );
    }
    let request = client.request(Method::GET, "/api/v1/user/profile");
    let request = request.header("authorization", "Bearer while the database is away");
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.error(), (503, "DATABASE_UNAVAILABLE"));
}

#[tokio::test]
async fn a_cookie_changes_nothing_for_a_page_of_another_origin() {
    let app = with_tokens().await;
    let client = app.client("ada");
    for (origin, status) in [
        ("https://evil.example", 403),
        ("https://app.example", 200),
        ("http://localhost:8080", 200),
    ] {
        let request = client
            .request(Method::POST, "/api/v1/session/start")
            .header("cookie", "auth_token=good")
            .header("origin", origin);
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{origin}");
    }
}
