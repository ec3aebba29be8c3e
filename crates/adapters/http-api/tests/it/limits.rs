//! How often somebody may ask.

use std::net::SocketAddr;
use std::sync::Arc;

use ::limits::{Admission, BucketKey, Quota, RateLimiter};
use async_trait::async_trait;
use axum::Extension;
use axum::body::Body;
use axum::extract::ConnectInfo;
use chrono::TimeDelta;
use http::Method;
use http_api::Quotas;
use kernel::{Fault, PortError, PortResult, Timestamp};

use crate::harness::{Answer, App, Client, Setup};

const CALL: &str = "/api/v1/user/profile";

fn of(address: u32, user: u32, analyses: u32) -> Setup {
    let quotas = Quotas {
        address: Quota::per_minute(address),
        user: Quota::per_minute(user),
        analyses: Quota::per_minute(analyses),
    };
    Setup {
        quotas,
        ..Setup::default()
    }
}

/// A client at an address.
fn at(app: &App, address: &str, user: &str) -> Client {
    let peer = SocketAddr::new(address.parse().unwrap(), 4711);
    Client::new(app.router.clone().layer(Extension(ConnectInfo(peer))), user)
}

fn told<'a>(answer: &'a Answer, header: &str) -> Option<&'a str> {
    let value = answer.headers.get(header)?;
    Some(value.to_str().unwrap())
}

#[tokio::test]
async fn answers_tell_what_is_left_and_refusals_when_to_come_back() {
    let app = of(0, 2, 0).start().await;
    let ada = app.client("ada");
    for left in ["\"user\";r=1;t=30", "\"user\";r=0;t=30"] {
        let answer = ada.get(CALL).await;
        assert_eq!(answer.status, 200);
        assert_eq!(told(&answer, "ratelimit-policy"), Some("\"user\";q=2;w=60"));
        assert_eq!(told(&answer, "ratelimit"), Some(left));
    }
    let refused = ada.get(CALL).await;
    assert_eq!(refused.error(), (429, "RATE_LIMITED"));
    assert_eq!(refused.body["error"]["details"]["limit"], "user");
    assert_eq!(told(&refused, "retry-after"), Some("30"));
    assert_eq!(told(&refused, "ratelimit"), Some("\"user\";r=0;t=30"));
    app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(ada.get(CALL).await.status, 200);
}

#[tokio::test]
async fn users_are_counted_apart_and_both_mounts_together() {
    let app = of(0, 2, 0).start().await;
    let (ada, bob) = (app.client("ada"), app.client("bob"));
    assert_eq!(ada.get(CALL).await.status, 200);
    assert_eq!(ada.get("/api/user/profile").await.status, 200);
    assert_eq!(ada.get(CALL).await.status, 429);
    assert_eq!(bob.get(CALL).await.status, 200);
}

#[tokio::test]
async fn an_address_is_counted_before_anybody_is_identified() {
    let app = of(2, 0, 0).start().await;
    let stranger = at(&app, "198.51.100.7", "x").bearing("nonsense");
    for expected in [401, 401, 429] {
        assert_eq!(stranger.get(CALL).await.status, expected);
    }
    let elsewhere = at(&app, "198.51.100.8", "ada").get(CALL).await;
    assert_eq!(told(&elsewhere, "ratelimit"), Some("\"address\";r=1;t=30"));
}

#[tokio::test]
async fn a_64_of_ipv6_is_one_address() {
    let app = of(2, 0, 0).start().await;
    for (address, expected) in [
        ("2001:db8::1", 200),
        ("2001:db8::2", 200),
        ("2001:db8::3", 429),
        ("2001:db8:0:1::1", 200),
    ] {
        let answer = at(&app, address, address).get(CALL).await;
        assert_eq!(answer.status, expected, "{address}");
    }
}

#[tokio::test]
async fn sign_in_is_limited_by_address_only() {
    let app = of(1, 1, 1).start().await;
    let stranger = at(&app, "198.51.100.7", "x");
    let body = serde_json::json!({ "email": "a@example.org", "password": "Wrong-Word-3" });
    let first = stranger.post("/api/v1/auth/login", &body).await;
    assert_eq!(first.error(), (401, "WRONG_CREDENTIALS"));
    assert_eq!(told(&first, "ratelimit"), Some("\"address\";r=0;t=60"));
    let second = stranger.post("/api/v1/auth/login", &body).await;
    assert_eq!(second.error(), (429, "RATE_LIMITED"));
}

#[tokio::test]
async fn analyses_are_limited_and_nothing_else_by_it() {
    let app = of(9, 9, 1).start().await;
    let ada = at(&app, "198.51.100.7", "ada");
    let first = ada.upload(None).await;
    let policies = "\"address\";q=9;w=60, \"user\";q=9;w=60, \"analyses\";q=1;w=60";
    assert_eq!(told(&first, "ratelimit-policy"), Some(policies));
    let refused = ada.upload(None).await;
    assert_eq!(refused.error(), (429, "RATE_LIMITED"));
    assert_eq!(refused.body["error"]["details"]["limit"], "analyses");
    let analyze = ada.post("/api/v1/analyze", &serde_json::Value::Null).await;
    assert_eq!(analyze.error(), (429, "RATE_LIMITED"));
    assert_eq!(ada.get(CALL).await.status, 200);
}

#[tokio::test]
async fn a_refused_analysis_does_not_wait_for_its_body() {
    let app = of(0, 0, 1).start().await;
    let ada = app.client("ada");
    ada.upload(None).await;
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let request = ada
        .request(Method::POST, "/api/v1/upload-and-analyze")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("idempotency-key", "k1")
        .header("expect", "100-continue")
        .body(Body::from_stream(never));
    let refused = ada.send(request.unwrap()).await;
    assert_eq!(refused.error(), (429, "RATE_LIMITED"));
}

#[tokio::test]
async fn operations_and_links_are_not_counted() {
    let app = of(1, 1, 1).start().await;
    let probe = at(&app, "198.51.100.7", "ada");
    for path in ["/health/live", "/metrics", "/api/v1/health/ready"] {
        for _ in 0..3 {
            assert_eq!(probe.get(path).await.status, 200, "{path}");
        }
    }
    let link = "/api/v1/objects/2026/03/01/a.jpg?expires=1&signature=x";
    for _ in 0..3 {
        assert_eq!(probe.get(link).await.status, 403);
    }
    assert_eq!(probe.get(CALL).await.status, 200);
}

#[tokio::test]
async fn without_quotas_nothing_is_told_and_nothing_refused() {
    let app = App::start().await;
    let answer = at(&app, "198.51.100.7", "ada").get(CALL).await;
    assert_eq!(told(&answer, "ratelimit"), None);
    assert_eq!(told(&answer, "ratelimit-policy"), None);
}

#[tokio::test]
async fn requests_that_cannot_be_counted_go_through() {
    let setup = Setup {
        limiter: Arc::new(Away),
        ..of(1, 1, 1)
    };
    let ada = setup.start().await.client("ada");
    for _ in 0..3 {
        assert_eq!(ada.get(CALL).await.status, 200);
    }
}

/// A limiter that cannot count.
struct Away;

#[async_trait]
impl RateLimiter for Away {
    async fn take(&self, _: &[(BucketKey, Quota)], _: Timestamp) -> PortResult<Admission> {
        Err(PortError::bare(Fault::Unavailable, "count"))
    }

    async fn give_back(&self, _: &[(BucketKey, Quota)]) -> PortResult<()> {
        Err(PortError::bare(Fault::Unavailable, "give back"))
    }
}
