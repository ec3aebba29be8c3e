//! Codes that come by mail.

use http::Method;
use serde_json::json;

use crate::harness::{Answer, App, Client, PASSWORD};

const VERIFY: &str = "/api/v1/auth/email/verify";
const RESEND: &str = "/api/v1/auth/email/resend";
const RESET: &str = "/api/v1/auth/password/reset";

async fn forgot(client: &Client, email: &str) -> Answer {
    let body = json!({ "email": email });
    client.post("/api/v1/auth/password/forgot", &body).await
}

async fn reset(client: &Client, code: &str, password: &str) -> Answer {
    let body = json!({ "token": code, "password": password });
    client.post(RESET, &body).await
}

#[tokio::test]
async fn the_code_of_the_mail_verifies_the_address_once() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let code = json!({ "token": app.accounts.mailed_code().await });
    let verified = app.client("x").post(VERIFY, &code).await;
    assert_eq!(verified.data(), &json!({ "emailVerified": true }));
    let me = ada.client.get("/api/v1/auth/me").await;
    assert_eq!(me.data()["emailVerified"], true);
    let again = app.client("x").post(VERIFY, &code).await;
    assert_eq!(again.error(), (400, "MAILED_TOKEN_INVALID"));
}

#[tokio::test]
async fn a_code_sent_again_replaces_the_one_before() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let first = json!({ "token": app.accounts.mailed_code().await });
    let answer = ada.client.empty(Method::POST, RESEND).await;
    assert_eq!(answer.status, 202);
    let second = json!({ "token": app.accounts.mailed_code().await });
    let client = app.client("x");
    let old = client.post(VERIFY, &first).await;
    assert_eq!(old.error(), (400, "MAILED_TOKEN_INVALID"));
    client.post(VERIFY, &second).await.data();
    ada.client.empty(Method::POST, RESEND).await;
    assert!(app.accounts.mails().await.is_empty());
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_every_device_signed_out() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    app.accounts.mails().await;
    let asked = forgot(&app.client("x"), "ADA@example.org").await;
    assert_eq!(asked.status, 202);
    let code = app.accounts.mailed_code().await;
    let client = app.client("x");
    let weak = reset(&client, &code, "weak").await;
    assert_eq!(weak.error(), (400, "WEAK_PASSWORD"));
    let set = reset(&client, &code, "Other-Horse-2").await;
    assert_eq!(set.data(), &json!({ "passwordReset": true }));
    let again = reset(&client, &code, "Third-Horse-3").await;
    assert_eq!(again.error(), (400, "MAILED_TOKEN_INVALID"));
    let me = ada.client.get("/api/v1/auth/me").await;
    assert_eq!(me.error(), (401, "UNAUTHORIZED"));
    for (password, status) in [(PASSWORD, 401), ("Other-Horse-2", 200)] {
        let body = json!({ "email": "ada@example.org", "password": password });
        let answer = client.post("/api/v1/auth/login", &body).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_there_is_an_account() {
    let app = App::start().await;
    app.member("ada@example.org").await;
    app.accounts.mails().await;
    let client = app.client("x");
    let (known, unknown) = (
        forgot(&client, "ada@example.org").await,
        forgot(&client, "bob@example.org").await,
    );
    assert_eq!(
        (known.status, &known.bytes),
        (unknown.status, &unknown.bytes)
    );
    assert_eq!(app.accounts.mails().await.len(), 1);
}

#[tokio::test]
async fn what_is_no_code_changes_nothing() {
    let app = App::start().await;
    let client = app.client("x");
    for code in ["", "x", &"A".repeat(64)] {
        let answer = client.post(VERIFY, &json!({ "token": code })).await;
        assert_eq!(answer.error(), (400, "MAILED_TOKEN_INVALID"), "{code}");
        let answer = reset(&client, code, PASSWORD).await;
        assert_eq!(answer.error(), (400, "MAILED_TOKEN_INVALID"), "{code}");
    }
}

#[tokio::test]
async fn nobody_has_many_mails_sent() {
    let app = App::start().await;
    let client = app.client("x");
    for _ in 0..3 {
        assert_eq!(forgot(&client, "ada@example.org").await.status, 202);
    }
    let answer = forgot(&client, "ada@example.org").await;
    assert_eq!(answer.error(), (429, "TOO_MANY_ATTEMPTS"));
    assert!(answer.headers.contains_key("retry-after"));
}
