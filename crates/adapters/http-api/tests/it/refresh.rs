//! Swapping refresh tokens, and signing out.

use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::harness::{Answer, App, Client};

const REFRESH: &str = "/api/v1/auth/refresh";
const LOGOUT: &str = "/api/v1/auth/logout";

async fn refresh(client: &Client, token: &str) -> Answer {
    client
        .post(REFRESH, &json!({ "refreshToken": token }))
        .await
}

async fn status(app: &App, token: &str) -> u16 {
    let client = app.client("x").bearing(token);
    client.get("/api/v1/auth/me").await.status.as_u16()
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_pair() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let next = refresh(&app.client("x"), &ada.refresh).await;
    assert_ne!(next.text("refreshToken"), ada.refresh);
    assert_eq!(next.headers["cache-control"], "no-store");
    assert_eq!(status(&app, &next.text("token")).await, 200);
    refresh(&app.client("x"), &next.text("refreshToken"))
        .await
        .data();
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_a_stolen_token_ends_its_family() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let next = refresh(&app.client("x"), &ada.refresh).await;
    app.clock.advance(TimeDelta::seconds(9));
    refresh(&app.client("x"), &ada.refresh).await.data();
    app.clock.advance(TimeDelta::seconds(51));
    let stolen = refresh(&app.client("x"), &ada.refresh).await;
    assert_eq!(stolen.error(), (401, "REFRESH_REUSED"));
    let after = refresh(&app.client("x"), &next.text("refreshToken")).await;
    assert_eq!(after.error(), (401, "REFRESH_INVALID"));
    assert_eq!(status(&app, &next.text("token")).await, 401);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let app = App::start().await;
    let client = app.client("x");
    for body in [
        json!({}),
        json!({ "refreshToken": null }),
        json!({ "refreshToken": "x" }),
    ] {
        let answer = client.post(REFRESH, &body).await;
        assert_eq!(answer.error(), (401, "REFRESH_INVALID"), "{body}");
    }
    let nothing = client.empty(Method::POST, REFRESH).await;
    assert_eq!(nothing.error(), (401, "REFRESH_INVALID"));
    let null = client.post(REFRESH, &serde_json::Value::Null).await;
    assert_eq!(null.error(), (401, "REFRESH_INVALID"));
    let form = client.with("content-type", "text/plain");
    let form = form
        .request(Method::POST, REFRESH)
        .body("x=y".into())
        .unwrap();
    assert_eq!(
        client.send(form).await.error(),
        (415, "UNSUPPORTED_MEDIA_TYPE")
    );
}

#[tokio::test]
async fn the_same_key_never_gives_tokens_out_twice() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let client = app.client("x").with("idempotency-key", "k");
    let (one, other) = (
        refresh(&client, &ada.refresh).await,
        refresh(&client, &ada.refresh).await,
    );
    assert_ne!(one.text("refreshToken"), other.text("refreshToken"));
}

#[tokio::test]
async fn a_refresh_works_when_the_access_token_is_over() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    app.clock.advance(TimeDelta::minutes(20));
    refresh(&ada.client, &ada.refresh).await.data();
}

#[tokio::test]
async fn signing_out_refuses_both_tokens_at_once() {
    let app = App::start().await;
    let (ada, elsewhere) = (
        app.member("ada@example.org").await,
        app.signed_in("ada@example.org").await,
    );
    ada.client.empty(Method::POST, LOGOUT).await.data();
    assert_eq!(status(&app, &ada.token).await, 401);
    let answer = refresh(&app.client("x"), &ada.refresh).await;
    assert_eq!(answer.error(), (401, "REFRESH_INVALID"));
    assert_eq!(status(&app, &elsewhere.token).await, 200);
    ada.client.empty(Method::POST, LOGOUT).await.data();
}

#[tokio::test]
async fn a_refresh_token_alone_signs_out_too() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let body = json!({ "refreshToken": ada.refresh });
    app.client("x").post(LOGOUT, &body).await.data();
    assert_eq!(status(&app, &ada.token).await, 401);
}
