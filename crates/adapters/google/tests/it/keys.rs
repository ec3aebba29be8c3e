//! How often the issuer's keys are fetched.

use auth::{GoogleAccounts, GoogleError};
use chrono::TimeDelta;
use serde_json::json;
use testkit::openid::Provider;

use crate::provider::{google, now};

async fn fetched(provider: &Provider) -> String {
    provider.control("fetched", json!({})).await
}

#[tokio::test]
async fn keys_are_kept_as_long_as_their_headers_say() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let token = provider.sign(json!({})).await;
    let start = now();
    for (after, expected) in [(0, "1"), (599, "1"), (600, "2"), (1199, "2")] {
        let at = start + TimeDelta::seconds(after);
        google.verify(&token, at).await.unwrap();
        assert_eq!(fetched(&provider).await, expected, "after {after} s");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_made_up_ones_do_not_make_us_ask_on_and_on() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let start = now();
    let old = provider.sign(json!({})).await;
    google.verify(&old, start).await.unwrap();
    provider.control("rotate", json!({"kid": "second"})).await;
    let new = provider.sign_with("second", json!({})).await;
    let later = start + TimeDelta::seconds(30);
    for token in [&new, &old, &new] {
        google.verify(token, later).await.unwrap();
    }
    assert_eq!(fetched(&provider).await, "2");
    provider.control("rotate", json!({"kid": "third"})).await;
    let unknown = provider.sign_with("third", json!({})).await;
    for after in [30, 45, 59] {
        let at = start + TimeDelta::seconds(after);
        let refused = google.verify(&unknown, at).await;
        assert!(matches!(refused, Err(GoogleError::Invalid("key"))));
    }
    assert_eq!(fetched(&provider).await, "2");
    let at = start + TimeDelta::seconds(60);
    google.verify(&unknown, at).await.unwrap();
    assert_eq!(fetched(&provider).await, "3");
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_fetch() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let token = provider.sign(json!({})).await;
    let all = (0..20).map(|_| google.verify(&token, now()));
    for taken in futures_util::future::join_all(all).await {
        taken.unwrap();
    }
    assert_eq!(fetched(&provider).await, "1");
}
