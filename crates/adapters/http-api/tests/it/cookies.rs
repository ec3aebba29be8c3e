//! What browsers keep, and for which pages it counts.

use chrono::TimeDelta;
use http::Method;
use http_api::{Cookies, CorsOrigins, Identity};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, PASSWORD, Setup};

const REFRESH_PATHS: [&str; 2] = ["/api/v1/auth", "/api/auth"];

fn set_cookies(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("set-cookie").iter();
    let masked = values.map(|value| {
        let text = value.to_str().unwrap();
        let (name, rest) = text.split_once('=').unwrap();
        let (value, attributes) = rest.split_once(';').unwrap();
        let value = if value.is_empty() { "" } else { "…" };
        format!("{name}={value};{attributes}")
    });
    masked.collect()
}

async fn login(client: &Client) -> Answer {
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    client.post("/api/v1/auth/login", &body).await
}

/// A browser with these cookies, on a page of this server.
fn browser(app: &App, cookies: &str) -> Client {
    let browser = app.client("x").with("cookie", cookies);
    browser.with("origin", "http://localhost:8080")
}

#[tokio::test]
async fn a_sign_in_sets_cookies_that_pages_cannot_read() {
    let setup = Setup {
        cookies: Cookies { secure: true },
        ..Setup::default()
    };
    let app = setup.start().await;
    app.member("ada@example.org").await;
    let answer = login(&app.client("x")).await;
    insta::assert_snapshot!(set_cookies(&answer).join("\n"), @r"
    __Host-auth_token=…; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure
    refresh_token=…; Path=/api/v1/auth; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure
    refresh_token=…; Path=/api/auth; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure
    ");
    assert_eq!(
        answer.cookie("__Host-auth_token", "/").unwrap(),
        answer.text("token")
    );
    for path in REFRESH_PATHS {
        let kept = answer.cookie("refresh_token", path).unwrap();
        assert_eq!(kept, answer.text("refreshToken"));
    }
}

#[tokio::test]
async fn over_https_a_cookie_that_another_host_could_have_set_does_not_count() {
    let setup = Setup {
        cookies: Cookies { secure: true },
        ..Setup::default()
    };
    let app = setup.start().await;
    let token = app.member("ada@example.org").await.token;
    let me = |cookie: String| {
        let client = browser(&app, &cookie);
        async move { client.get("/api/v1/auth/me").await.status.as_u16() }
    };
    assert_eq!(me(format!("__Host-auth_token={token}")).await, 200);
    assert_eq!(me(format!("auth_token={token}")).await, 401);
}

#[tokio::test]
async fn a_browser_refreshes_and_signs_out_by_its_cookies_alone() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let kept = browser(&app, &format!("refresh_token={}", ada.refresh));
    let next = kept.empty(Method::POST, "/api/auth/refresh").await;
    assert_eq!(next.cookie("auth_token", "/").unwrap(), next.text("token"));
    let cookies = format!(
        "auth_token={}; refresh_token={}",
        next.text("token"),
        next.text("refreshToken")
    );
    let kept = browser(&app, &cookies);
    kept.get("/api/v1/auth/me").await.data();
    let out = kept.empty(Method::POST, "/api/v1/auth/logout").await;
    assert_eq!(out.data(), &json!({ "signedOut": true }));
    insta::assert_snapshot!(set_cookies(&out).join("\n"), @r"
    auth_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax
    refresh_token=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Lax
    refresh_token=; Path=/api/auth; Max-Age=0; HttpOnly; SameSite=Lax
    ");
    let after = kept.get("/api/v1/auth/me").await;
    assert_eq!(after.error(), (401, "UNAUTHORIZED"));
}

#[tokio::test]
async fn a_failed_refresh_clears_the_cookies_it_came_from() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let kept = browser(&app, &format!("refresh_token={}", ada.refresh));
    kept.empty(Method::POST, "/api/v1/auth/refresh")
        .await
        .data();
    app.clock.advance(TimeDelta::minutes(1));
    let reused = kept.empty(Method::POST, "/api/v1/auth/refresh").await;
    assert_eq!(reused.error(), (401, "REFRESH_REUSED"));
    assert_eq!(set_cookies(&reused).len(), 3);
    assert_eq!(reused.cookie("auth_token", "/").unwrap(), "");
    let body = json!({ "refreshToken": ada.refresh });
    let by_body = kept.post("/api/v1/auth/refresh", &body).await;
    assert_eq!(by_body.error(), (401, "REFRESH_INVALID"));
    assert!(set_cookies(&by_body).is_empty());
}

#[tokio::test]
async fn a_refresh_that_could_not_be_carried_out_keeps_the_cookies() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    app.database.clone().close().await.unwrap();
    let kept = browser(&app, &format!("refresh_token={}", ada.refresh));
    let answer = kept.empty(Method::POST, "/api/v1/auth/refresh").await;
    assert_eq!(answer.error(), (503, "DATABASE_UNAVAILABLE"));
    assert!(set_cookies(&answer).is_empty());
}

#[tokio::test]
async fn a_foreign_page_signs_nobody_in_or_out() {
    let setup = Setup {
        identity: Identity::Secured,
        cors: CorsOrigins::List(vec!["https://app.example".to_owned()]),
        ..Setup::default()
    };
    let app = setup.start().await;
    let ada = app.member("ada@example.org").await;
    let cookies = format!("auth_token={}; refresh_token={}", ada.token, ada.refresh);
    let visitor = app.client("x").with("cookie", &cookies);
    for (origin, is_refused) in [
        ("https://evil.example", true),
        ("null", true),
        ("https://app.example", false),
    ] {
        let page = visitor.with("origin", origin);
        for route in ["login", "register", "google", "refresh", "logout"] {
            let answer = page
                .post(&format!("/api/v1/auth/{route}"), &json!({}))
                .await;
            let code = answer.body["error"]["code"].as_str();
            assert_eq!(code == Some("FORBIDDEN"), is_refused, "{origin} {route}");
            assert!(!is_refused || set_cookies(&answer).is_empty());
        }
        let deleted = page.empty(Method::DELETE, "/api/v1/auth/devices/x").await;
        assert_eq!(
            deleted.error() == (403, "FORBIDDEN"),
            is_refused,
            "{origin}"
        );
        if is_refused {
            assert_eq!(visitor.get("/api/v1/auth/me").await.status, 200);
        }
    }
}

#[tokio::test]
async fn a_browser_that_names_no_page_gets_no_cookies_either() {
    let setup = Setup {
        identity: Identity::Secured,
        ..Setup::default()
    };
    let app = setup.start().await;
    app.member("ada@example.org").await;
    let strange = app.client("x").with("sec-fetch-site", "cross-site");
    let answer = login(&strange).await;
    assert_eq!(answer.error(), (403, "FORBIDDEN"));
    assert_eq!(answer.body["data"], Value::Null);
}
