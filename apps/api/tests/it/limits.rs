//! How often somebody may ask, by processes that share a Redis.

use std::net::TcpListener;

use reqwest::StatusCode;
use testkit::redis_server::RedisServer;

use crate::harness::{Answer, Client, Setup, eventually};

const CALL: &str = "/api/v1/user/profile";
const USED_UP: &str = "\"user\";r=0";

fn one_a_minute(redis: &str) -> Setup {
    Setup::default()
        .with("REDIS_URL", redis)
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "1")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "0")
}

fn told(answer: &Answer, header: &str) -> String {
    let value = answer.headers.get(header);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// A Redis that is slow on a busy machine is passed by, and not counted.
async fn until(client: &Client, status: StatusCode) -> Answer {
    eventually(async || {
        let answer = client.get(CALL).await;
        let is_counted = told(&answer, "ratelimit").starts_with(USED_UP);
        (answer.status == status && is_counted).then_some(answer)
    })
    .await
}

#[tokio::test]
async fn what_one_process_has_counted_another_one_refuses() {
    let redis = RedisServer::start();
    let setup = one_a_minute(&redis.url());
    let (first, second) = (setup.start().await, setup.start().await);
    until(&first.client("ada"), StatusCode::OK).await;
    let refused = until(&second.client("ada"), StatusCode::TOO_MANY_REQUESTS).await;
    assert_eq!(refused.error(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(told(&refused, "ratelimit-policy"), "\"user\";q=1;w=60");
    let wait: u32 = told(&refused, "retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    until(&second.client("bob"), StatusCode::OK).await;
}

#[tokio::test]
async fn without_its_redis_a_server_goes_on_and_says_what_is_down() {
    let redis = RedisServer::start();
    let server = one_a_minute(&redis.url()).start().await;
    let client = server.client("ada");
    let ready = client.get("/health/ready").await;
    assert!(ready.data()["dependencies"].to_string().contains("redis"));
    drop(redis);
    for _ in 0..3 {
        client.get(CALL).await.data();
    }
    let ready = client.get("/health/ready").await;
    let down = serde_json::json!({ "name": "redis", "state": "down" });
    assert!(
        ready.data()["dependencies"]
            .as_array()
            .unwrap()
            .contains(&down)
    );
    assert!(server.log().contains("the shared limiter does not count"));
}

#[test]
fn a_redis_that_cannot_be_reached_stops_the_start_and_is_named() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let setup = one_a_minute(&format!("redis://user:hunter2@{nobody}"));
    let output = setup.command(folder.path()).arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("REDIS_URL: redis cannot be used"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
