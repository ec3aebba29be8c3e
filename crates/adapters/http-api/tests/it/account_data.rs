//! Everything of the caller, handed out and erased.

use axum::body::to_bytes;
use http::{Method, StatusCode};
use http_api::Limits;
use serde_json::json;
use tower::ServiceExt;

use crate::harness::{App, Setup};

#[tokio::test]
async fn an_export_is_a_zip_to_save() {
    let app = App::start().await;
    let ada = app.client("ada");
    ada.upload(None).await.data();
    let request = ada.request(Method::GET, "/api/v1/user/export");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let named = &answer.headers()["content-disposition"];
    assert_eq!(named, "attachment; filename=\"smartsight-export.zip\"");
    let zip = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
    assert!(zip.starts_with(b"PK\x03\x04"));
    let end = zip.len() - 22;
    assert!(
        zip[end..].starts_with(b"PK\x05\x06"),
        "the table of contents ends it"
    );
}

#[tokio::test]
async fn an_erasure_tells_what_went_and_leaves_no_trace_of_a_key() {
    let app = App::start().await;
    let ada = app.client("ada");
    ada.upload(None).await.data();
    assert_eq!(app.stored_objects(), 1);
    let keyed = ada.with("Idempotency-Key", "again");
    let answer = keyed.empty(Method::DELETE, "/api/v1/user").await;
    assert_eq!(answer.data()["objects"]["count"], 1);
    assert_eq!(answer.data()["rows"]["learning_events"], 1);
    assert_eq!(answer.data()["waiting"], json!({}));
    assert_eq!(app.stored_objects(), 0);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let again = keyed.empty(Method::DELETE, "/api/v1/user").await;
    assert_eq!(again.data()["objects"]["count"], 0);
    let sessions = ada.get("/api/v1/session").await;
    assert_eq!(sessions.data()["items"], json!([]));
}

async fn export(app: &App, user: &str) -> axum::response::Response {
    let request = app.client(user).request(Method::GET, "/api/v1/user/export");
    let request = request.body(axum::body::Body::empty()).unwrap();
    app.router.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn exports_that_nobody_reads_do_not_pile_up() {
    let app = App::start().await;
    let unread = [export(&app, "ada").await, export(&app, "ada").await];
    let refused = export(&app, "ada").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "30");
    assert_eq!(export(&app, "bob").await.status(), StatusCode::OK);
    drop(unread);
    admitted(&app, "ada").await;
}

/// Waits until a place is free.
async fn admitted(app: &App, user: &str) {
    let admitted = async {
        while export(app, user).await.status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    let bound = std::time::Duration::from_secs(30);
    tokio::time::timeout(bound, admitted).await.unwrap();
}

#[tokio::test]
async fn an_export_of_which_nothing_is_taken_is_given_up_and_its_place_free() {
    let setup = Setup {
        limits: Limits {
            export_stall: std::time::Duration::from_millis(20),
            ..Limits::default()
        },
        ..Setup::default()
    };
    let app = setup.start().await;
    let held = [export(&app, "ada").await, export(&app, "ada").await];
    admitted(&app, "ada").await;
    for answer in held {
        assert!(to_bytes(answer.into_body(), 1 << 24).await.is_err());
    }
}
