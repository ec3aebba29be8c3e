//! From making an account to losing its password.

use reqwest::StatusCode;
use serde_json::json;
use testkit::openid::{Browser, Provider};

use crate::harness::{PASSWORD, Setup, Tokens, everywhere};

const ADA: &str = "ada@example.org";
const VERIFY: &str = "Confirm your address for SmartSight";
const RESET: &str = "Set a new password for SmartSight";

everywhere! {
    an_account_is_made_verified_and_used,
    a_forgotten_password_is_reset_by_mail,
    a_browser_signs_in_at_an_openid_provider,
}

async fn an_account_is_made_verified_and_used(setup: Setup) {
    let server = setup.start().await;
    let client = server.stranger();
    assert_eq!(client.get("/api/v1/session").await.error().0, 401);
    let made = client.register(ADA).await;
    assert_eq!(client.me(&made.access).await.data()["emailVerified"], false);

    let code = json!({ "token": server.mailed_code(VERIFY).await });
    let verify = "/api/v1/auth/email/verify";
    client.post(verify, code.clone()).await.data();
    let again = client.post(verify, code).await;
    assert_eq!(again.error(), (400, "MAILED_TOKEN_INVALID".to_owned()));

    let tokens: Tokens = client.sign_in(ADA, PASSWORD, "phone").await.into();
    let me = client.me(&tokens.access).await;
    assert_eq!(me.data()["emailVerified"], true);
    assert_eq!(me.data()["email"], ADA);
    let session = client.bearing(&tokens.access).start_session().await;
    let stranger = client.get(&format!("/api/v1/session/{session}")).await;
    assert_eq!(stranger.error(), (401, "UNAUTHORIZED".to_owned()));
}

async fn a_forgotten_password_is_reset_by_mail(setup: Setup) {
    let server = setup.start().await;
    let client = server.stranger();
    let before = client.register(ADA).await;
    let forgot = "/api/v1/auth/password/forgot";
    let unknown = client.post(forgot, json!({ "email": "b@example.org" }));
    let known = client.post(forgot, json!({ "email": ADA }));
    let (unknown, known) = (unknown.await, known.await);
    assert_eq!(
        (known.status, &known.body),
        (StatusCode::ACCEPTED, &unknown.body)
    );

    let code = server.mailed_code(RESET).await;
    let new = json!({ "token": code, "password": "Another-Horse-2" });
    client.post("/api/v1/auth/password/reset", new).await.data();
    assert!(!client.lets_in(&before.access).await);
    let old = client.sign_in(ADA, PASSWORD, "phone").await;
    assert_eq!(old.error(), (401, "WRONG_CREDENTIALS".to_owned()));
    let tokens: Tokens = client.sign_in(ADA, "Another-Horse-2", "phone").await.into();
    assert!(client.lets_in(&tokens.access).await);
}

/// The provider must know where browsers go back to before the server has a port. So the server
/// believes in another address, and the test carries the browser over.
async fn a_browser_signs_in_at_an_openid_provider(setup: Setup) {
    const PUBLIC: &str = "http://127.0.0.1:1";
    const CALLBACK: &str = "/api/v1/auth/google/callback";
    let redirect = format!("{PUBLIC}{CALLBACK}");
    let provider = Provider::flow(&redirect).await;
    let setup = setup
        .with("SMARTSIGHT_PUBLIC_URL", PUBLIC)
        .with("GOOGLE_ISSUER", provider.issuer())
        .with("GOOGLE_CLIENT_IDS", Provider::CLIENT_ID)
        .with("GOOGLE_CLIENT_SECRET", Provider::CLIENT_SECRET);
    let server = setup.start().await;
    let at = |path: &str| format!("{}{path}", server.base).parse().unwrap();

    let mut browser = Browser::new();
    let start = at("/api/v1/auth/google/start");
    let back = browser.sign_in(start, &redirect, "ada").await;
    let mut callback: url::Url = at(CALLBACK);
    callback
        .query_pairs_mut()
        .append_pair("code", &back.code)
        .append_pair("state", &back.state);
    let other = Browser::new().get(callback.clone()).await;
    assert_eq!(other.status(), StatusCode::UNAUTHORIZED);
    let entered = browser.get(callback).await;
    assert_eq!(entered.status(), StatusCode::OK);

    let me = browser
        .get(at("/api/v1/auth/me"))
        .await
        .text()
        .await
        .unwrap();
    let me: serde_json::Value = serde_json::from_str(&me).unwrap();
    assert_eq!(me["data"]["email"], "ada@example.org");
    assert_eq!(me["data"]["signInWith"], json!(["google"]));
}
