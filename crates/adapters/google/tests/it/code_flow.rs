//! A browser signs in.

use auth::{GoogleAccounts, GoogleError, OpaqueToken, PendingGoogle};
use google::{BrowserClient, Google, GoogleSettings};
use kernel::Fault;
use testkit::openid::{Browser, Provider};

use crate::provider::{REDIRECT, google, now, settings};

fn secret(letter: &str) -> OpaqueToken {
    OpaqueToken::parse(&letter.repeat(64)).unwrap()
}

fn pending() -> PendingGoogle {
    PendingGoogle {
        state: secret("s"),
        nonce: secret("n"),
        verifier: secret("v"),
    }
}

/// The code Ada's browser comes back with.
async fn code(google: &Google) -> String {
    let url = google.authorization_url(&pending(), now()).await.unwrap();
    let back = Browser::new().sign_in(url, REDIRECT, "ada").await;
    assert_eq!(back.state, "s".repeat(64));
    back.code
}

#[track_caller]
fn refused(answer: &Result<auth::GoogleIdentity, GoogleError>, expected: &str) {
    let Err(GoogleError::Invalid(reason)) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(*reason, expected);
}

#[tokio::test]
async fn a_code_is_worth_an_identity_once() {
    let provider = Provider::flow(REDIRECT).await;
    let google = google(&provider);
    let code = code(&google).await;
    let identity = google.redeem(&code, &pending(), now()).await.unwrap();
    assert_eq!(identity.subject.as_str(), "ada");
    assert_eq!(identity.email.as_str(), "ada@example.org");
    refused(&google.redeem(&code, &pending(), now()).await, "code");
    refused(&google.redeem("made-up", &pending(), now()).await, "code");
}

#[tokio::test]
async fn a_code_is_worth_nothing_to_who_did_not_begin() {
    let provider = Provider::flow(REDIRECT).await;
    let google = google(&provider);
    let other_verifier = PendingGoogle {
        verifier: secret("x"),
        ..pending()
    };
    let stolen = code(&google).await;
    refused(
        &google.redeem(&stolen, &other_verifier, now()).await,
        "code",
    );
    let other_nonce = PendingGoogle {
        nonce: secret("x"),
        ..pending()
    };
    let injected = code(&google).await;
    refused(
        &google.redeem(&injected, &other_nonce, now()).await,
        "nonce",
    );
}

#[tokio::test]
async fn a_wrong_client_secret_is_refused_and_none_is_said_at_once() {
    let provider = Provider::flow(REDIRECT).await;
    let code = code(&google(&provider)).await;
    let right = settings(&provider);
    let with = |browser| {
        let settings = right.clone();
        Google::new(GoogleSettings {
            browser,
            ..settings
        })
        .unwrap()
    };
    let wrong = right.browser.clone().map(|browser| BrowserClient {
        secret: "another secret".into(),
        ..browser
    });
    refused(&with(wrong).redeem(&code, &pending(), now()).await, "code");
    let none = with(None).authorization_url(&pending(), now()).await;
    assert_eq!(none.unwrap_err().fault(), Fault::Refused);
}
