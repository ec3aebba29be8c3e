//! Who is asking.

use axum::body::Body;
use chrono::TimeDelta;
use http::Method;
use http_api::{CorsOrigins, Identity};
use kernel::UserId;

use crate::harness::{App, Contract, Operation, Setup, jpeg};

const ID: &str = "0197a1b2-0000-7000-8000-000000000001";

fn secured() -> Setup {
    Setup {
        identity: Identity::Secured,
        ..Setup::default()
    }
}

/// Operations that ask for no identity; nothing may be added here without thought.
const OPEN: [&str; 15] = [
    "/api/v1/auth/email/verify",
    "/api/v1/auth/google",
    "/api/v1/auth/google/callback",
    "/api/v1/auth/google/start",
    "/api/v1/auth/login",
    "/api/v1/auth/logout",
    "/api/v1/auth/password/forgot",
    "/api/v1/auth/password/reset",
    "/api/v1/auth/refresh",
    "/api/v1/auth/register",
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

/// Operations for which open mode is not enough.
fn asks_for_token(operation: &Operation) -> bool {
    ["/api/v1/auth/", "/api/v1/admin/"]
        .iter()
        .any(|part| operation.path.starts_with(part))
}

async fn code(app: &App, operation: &Operation, header: Option<(&str, &str)>) -> (u16, String) {
    let client = app.client("ada");
    let path = operation
        .path
        .replace("{sessionId}", ID)
        .replace("{bookmarkId}", ID)
        .replace("{deviceId}", ID)
        .replace("{userId}", ID);
    let mut request = client.request(operation.method.clone(), &path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    // One endpoint keeps the shapes of an older client.
    let code = answer.body["error"]["code"].as_str();
    let code = code.or(answer.body["code"].as_str()).unwrap_or_default();
    (answer.status.as_u16(), code.to_owned())
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
        let expected = match (is_open, asks_for_token(&operation)) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        let security = operation.document["security"].as_array().unwrap();
        assert_eq!(security.len(), expected, "{operation:?}");
    }
}

#[tokio::test]
async fn in_open_mode_accounts_and_admin_routes_ask_for_a_token_all_the_same() {
    let app = App::start().await;
    let mut tried = 0;
    for operation in private().into_iter().filter(asks_for_token) {
        tried += 1;
        let answer = code(&app, &operation, None).await;
        assert_eq!(answer, (401, "UNAUTHORIZED".to_owned()), "{operation:?}");
    }
    assert!(tried >= 8, "{tried}");
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
        if !operation.path.contains('{') || asks_for_token(&operation) {
            continue;
        }
        tried += 1;
        let path = operation
            .path
            .replace("{sessionId}", &session)
            .replace("{bookmarkId}", &bookmark)
            .replace("{voiceSessionId}", &session)
            .replace("{jobId}", &session);
        let answer = bob.json(operation.method.clone(), &path, &note).await;
        let code = if path.contains("bookmark") {
            "BOOKMARK_NOT_FOUND"
        } else if path.contains("voice") {
            "VOICE_SESSION_NOT_FOUND"
        } else if path.contains("jobs") {
            "JOB_NOT_FOUND"
        } else {
            "SESSION_NOT_FOUND"
        };
        assert_eq!(answer.error(), (404, code), "{operation:?}");
    }
    assert_eq!(tried, 9);
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

#[tokio::test]
async fn a_token_names_the_user_whatever_other_headers_say_in_either_mode() {
    for setup in [Setup::default(), secured()] {
        let app = setup.start().await;
        let ada = app.member("ada@example.org").await;
        for (header, value) in [
            ("authorization", format!("bearer {}", ada.token)),
            ("cookie", format!("auth_token={}", ada.token)),
        ] {
            let client = app.client("bob").with(header, &value);
            let profile = client.get("/api/v1/user/profile").await;
            assert_eq!(profile.text("userId"), ada.user);
        }
    }
}

#[tokio::test]
async fn a_token_that_is_over_is_refused_in_either_mode() {
    for setup in [Setup::default(), secured()] {
        let app = setup.start().await;
        let ada = app.member("ada@example.org").await;
        app.clock.advance(TimeDelta::minutes(16));
        let answer = ada.client.get("/api/v1/user/profile").await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn a_token_of_another_algorithm_is_refused() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let claims = ada.token.split('.').nth(1).unwrap();
    // {"alg":"none","typ":"JWT"} and {"alg":"RS256","typ":"JWT"}
    for head in [
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
    ] {
        let signature = ada.token.split('.').nth(2).unwrap();
        for forged in [
            format!("{head}.{claims}."),
            format!("{head}.{claims}.{signature}"),
        ] {
            let client = app.client("ada").bearing(&forged);
            let answer = client.get("/api/v1/user/profile").await;
            assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{forged}");
        }
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_is_not_refused_for_good() {
    let (app, other) = (App::start().await, App::start().await);
    let token = other.member("ada@example.org").await.token;
    app.database.clone().close().await.unwrap();
    let client = app.client("ada").bearing(&token);
    let answer = client.get("/api/v1/user/profile").await;
    assert_eq!(answer.error(), (503, "DATABASE_UNAVAILABLE"));
}

#[tokio::test]
async fn a_cookie_changes_nothing_for_a_page_of_another_origin() {
    let setup = Setup {
        cors: CorsOrigins::List(vec!["https://app.example".to_owned()]),
        ..secured()
    };
    let app = setup.start().await;
    let token = app.member("ada@example.org").await.token;
    let client = app
        .client("ada")
        .with("cookie", &format!("auth_token={token}"));
    for (origin, status) in [
        ("https://evil.example", 403),
        ("https://app.example", 200),
        ("http://localhost:8080", 200),
    ] {
        let page = client.with("origin", origin);
        let answer = page.empty(Method::POST, "/api/v1/session/start").await;
        assert_eq!(answer.status, status, "{origin}");
    }
}

#[tokio::test]
async fn of_two_authorization_headers_neither_counts() {
    let app = secured().start().await;
    let ada = app.member("ada@example.org").await;
    let twice = ada.client.with("authorization", "Bearer nonsense");
    let answer = twice.get("/api/v1/auth/me").await;
    assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
}
