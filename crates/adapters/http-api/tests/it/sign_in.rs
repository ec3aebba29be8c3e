//! Signing in: with a password, with Google, in a browser that comes back from Google.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, KnownGoogle, PASSWORD, Setup};

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    client.post("/api/v1/auth/login", &body).await
}

async fn with_google() -> (App, Arc<KnownGoogle>) {
    let google = Arc::new(KnownGoogle::default());
    let setup = Setup {
        google: Some(google.clone()),
        ..Setup::default()
    };
    (setup.start().await, google)
}

async fn enter_with_google(client: &Client, id_token: &str) -> Answer {
    let body = json!({ "idToken": id_token });
    client.post("/api/v1/auth/google", &body).await
}

#[tokio::test]
async fn who_registers_is_in_and_can_sign_in_again_on_either_mount() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let body = json!({ "email": " ADA@example.org", "password": PASSWORD });
    let again = app.client("x").post("/api/auth/login", &body).await;
    assert_eq!(again.text("userId"), ada.user);
    assert_eq!(again.text("email"), "ada@example.org");
    let me = app.client("x").bearing(&again.text("token"));
    let me = me.get("/api/v1/auth/me").await;
    insta::assert_json_snapshot!(me.masked(), @r#"
    {
      "createdAt": "2026-03-04T10:00:00Z",
      "disabled": false,
      "email": "ada@example.org",
      "emailVerified": false,
      "role": "user",
      "signInWith": [
        "password"
      ],
      "userId": "[id]"
    }
    "#);
}

#[tokio::test]
async fn an_answer_with_tokens_is_kept_by_no_cache_and_in_no_table() {
    let app = App::start().await;
    let client = app.client("ada").with("idempotency-key", "k");
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let first = client.post("/api/v1/auth/register", &body).await;
    assert_eq!(first.headers["cache-control"], "no-store");
    let repeated = client.post("/api/v1/auth/register", &body).await;
    assert_eq!(repeated.error(), (409, "EMAIL_TAKEN"));
    let one = login(&client, "ada@example.org", PASSWORD).await;
    let other = login(&client, "ada@example.org", PASSWORD).await;
    assert_ne!(one.text("refreshToken"), other.text("refreshToken"));
    assert!(!other.headers.contains_key("idempotency-replayed"));
}

#[tokio::test]
async fn a_missing_account_and_a_wrong_password_have_one_answer() {
    let app = App::start().await;
    app.member("ada@example.org").await;
    let client = app.client("x").with("x-request-id", "same");
    let wrong = login(&client, "ada@example.org", "Wrong-Horse-1").await;
    let missing = login(&client, "bob@example.org", "Wrong-Horse-1").await;
    let endless = login(&client, "ada@example.org", &"x".repeat(2000)).await;
    for answer in [&wrong, &missing, &endless] {
        assert_eq!(answer.error(), (401, "WRONG_CREDENTIALS"));
        assert_eq!(answer.bytes, wrong.bytes);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn what_is_no_address_or_too_weak_a_password_is_named() {
    let app = App::start().await;
    let client = app.client("x");
    let register = |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let client = client.clone();
        async move { client.post("/api/v1/auth/register", &body).await }
    };
    for (email, password, code) in [
        ("ada", PASSWORD, "INVALID_EMAIL"),
        ("ada@example.org", "Short-1", "WEAK_PASSWORD"),
        ("ada@example.org", "all-lower-1", "WEAK_PASSWORD"),
        ("ada@example.org", "NoDigitOrSymbol", "WEAK_PASSWORD"),
    ] {
        assert_eq!(register(email, password).await.error(), (400, code));
    }
    assert_eq!(
        login(&client, "ada", "x").await.error(),
        (400, "INVALID_EMAIL")
    );
    register("ada@example.org", PASSWORD).await.data();
    let taken = register("Ada@example.org", "Other-Horse-2").await;
    assert_eq!(taken.error(), (409, "EMAIL_TAKEN"));
}

#[tokio::test]
async fn a_body_that_does_not_fit_does_not_come_back() {
    let app = App::start().await;
    let client = app.client("x");
    for body in [
        json!({ "email": "ada@example.org", "password": 271_828_182 }),
        json!({ "email": "ada@example.org", "password": { "is": 271_828_182 } }),
        json!("271828182"),
        json!([271_828_182]),
        Value::Null,
    ] {
        let answer = client.post("/api/v1/auth/login", &body).await;
        assert_eq!(answer.error(), (400, "VALIDATION_FAILED"), "{body}");
        assert!(
            !answer.body.to_string().contains("271828182"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_token_that_is_over_does_not_keep_its_owner_out() {
    let app = App::start().await;
    app.member("ada@example.org").await;
    for client in [
        app.client("x").bearing("nonsense"),
        app.client("x").with("cookie", "auth_token=nonsense"),
    ] {
        login(&client, "ada@example.org", PASSWORD).await.data();
    }
}

#[tokio::test]
async fn too_many_attempts_have_to_wait() {
    let app = App::start().await;
    app.member("ada@example.org").await;
    let client = app.client("x");
    for _ in 0..5 {
        let answer = login(&client, "ada@example.org", "Wrong-Horse-1").await;
        assert_eq!(answer.error(), (401, "WRONG_CREDENTIALS"));
    }
    let answer = login(&client, "ada@example.org", PASSWORD).await;
    assert_eq!(answer.error(), (429, "TOO_MANY_ATTEMPTS"));
    assert_eq!(answer.headers["retry-after"], "180");
}

#[tokio::test]
async fn a_closed_account_is_told_so_once_the_password_is_right() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    let path = format!("/api/v1/admin/users/{}", ada.user);
    let closed = json!({ "disabled": true });
    root.client.json(Method::PATCH, &path, &closed).await.data();
    let client = app.client("x");
    let wrong = login(&client, "ada@example.org", "Wrong-Horse-1").await;
    assert_eq!(wrong.error(), (401, "WRONG_CREDENTIALS"));
    let right = login(&client, "ada@example.org", PASSWORD).await;
    assert_eq!(right.error(), (403, "ACCOUNT_DISABLED"));
}

#[tokio::test]
async fn google_brings_a_new_account_and_its_name() {
    let (app, google) = with_google().await;
    google.knows("id-token", "1", "ada@example.org");
    let entered = enter_with_google(&app.client("x"), "id-token").await;
    let client = app.client("x").bearing(&entered.text("token"));
    let profile = client.get("/api/v1/user/profile").await;
    assert_eq!(profile.text("name"), "Ada L.");
    assert_eq!(profile.text("userId"), entered.text("userId"));
    let refused = enter_with_google(&app.client("x"), "forged").await;
    assert_eq!(refused.error(), (401, "GOOGLE_TOKEN_INVALID"));
}

#[tokio::test]
async fn google_does_not_join_what_nobody_has_verified_or_another_identity_has() {
    let (app, google) = with_google().await;
    app.member("ada@example.org").await;
    google.knows("one", "1", "ada@example.org");
    google.knows("two", "2", "ada@example.org");
    let client = app.client("x");
    let unverified = enter_with_google(&client, "one").await;
    assert_eq!(unverified.error(), (409, "ACCOUNT_NOT_VERIFIED"));
    let code = json!({ "token": app.accounts.mailed_code().await });
    client.post("/api/v1/auth/email/verify", &code).await.data();
    enter_with_google(&client, "one").await.data();
    let other = enter_with_google(&client, "two").await;
    assert_eq!(other.error(), (409, "OTHER_GOOGLE_IDENTITY"));
}

#[tokio::test]
async fn without_google_its_routes_say_so() {
    let app = App::start().await;
    let client = app.client("x");
    let answer = enter_with_google(&client, "id-token").await;
    assert_eq!(answer.error(), (404, "GOOGLE_NOT_SET_UP"));
    let answer = client.get("/api/v1/auth/google/start").await;
    assert_eq!(answer.error(), (404, "GOOGLE_NOT_SET_UP"));
}

#[tokio::test]
async fn a_browser_comes_back_from_google_signed_in() {
    let (app, google) = with_google().await;
    google.knows("code", "1", "ada@example.org");
    let browser = app.client("x");
    let start = browser.get("/api/v1/auth/google/start").await;
    assert_eq!(start.status, 303);
    let url: url::Url = start.headers["location"].to_str().unwrap().parse().unwrap();
    let kept = start.cookie("google_sign_in", "/api").unwrap();
    let back = format!(
        "/api/v1/auth/google/callback?code=code&scope=email&{}",
        url.query().unwrap()
    );
    let stranger = browser.get(&back).await;
    assert_eq!(stranger.error(), (401, "GOOGLE_TOKEN_INVALID"));
    let browser = browser.with("cookie", &format!("google_sign_in={kept}"));
    let entered = browser.get(&back).await;
    assert_eq!(entered.text("email"), "ada@example.org");
    assert_eq!(entered.cookie("google_sign_in", "/api").unwrap(), "");
    assert_eq!(
        entered.cookie("auth_token", "/").unwrap(),
        entered.text("token")
    );
}

#[tokio::test]
async fn a_return_from_google_with_a_foreign_state_or_a_refusal_lets_nobody_in() {
    let (app, google) = with_google().await;
    google.knows("code", "1", "ada@example.org");
    let start = app.client("x").get("/api/v1/auth/google/start").await;
    let kept = start.cookie("google_sign_in", "/api").unwrap();
    let browser = app
        .client("x")
        .with("cookie", &format!("google_sign_in={kept}"));
    for query in [
        "code=code&state=other",
        "error=access_denied",
        "code=code",
        "",
    ] {
        let answer = browser
            .get(&format!("/api/v1/auth/google/callback?{query}"))
            .await;
        assert_eq!(answer.error(), (401, "GOOGLE_TOKEN_INVALID"), "{query}");
        assert_eq!(answer.cookie("google_sign_in", "/api").unwrap(), "");
    }
}

#[tokio::test]
async fn without_the_database_nobody_gets_in_for_now() {
    let app = App::start().await;
    app.database.clone().close().await.unwrap();
    let answer = login(&app.client("x"), "ada@example.org", PASSWORD).await;
    assert_eq!(answer.error(), (503, "DATABASE_UNAVAILABLE"));
}
