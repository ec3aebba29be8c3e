//! The limiter keeps the contract of its port.

use std::sync::Arc;

use limits::RateLimiter;
use redis::AsyncCommands;
use redis_shared::RedisLimiter;
use testkit::contracts::limits::Subject;
use testkit::redis_server::RedisServer;

use crate::given::{bucket, connected, now, settings};

/// Two clients of one server.
async fn redis() -> Subject {
    let settings = settings(&RedisServer::shared().url());
    let beside = connected(settings.clone()).await;
    Subject {
        limiter: Arc::new(RedisLimiter::new(connected(settings).await)),
        beside: Arc::new(RedisLimiter::new(beside)),
        guard: Box::new(()),
    }
}

testkit::limits_contract!(redis);

#[tokio::test]
async fn keys_begin_with_the_prefix_and_go_when_the_bucket_is_full_again() {
    let url = RedisServer::shared().url();
    let settings = settings(&url);
    let key = format!("{}test:a", settings.prefix);
    let limiter = RedisLimiter::new(connected(settings).await);
    limiter.take(&bucket(1), now()).await.unwrap();
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let life: i64 = connection.pttl(key).await.unwrap();
    assert!((1..=60_000).contains(&life), "{life}");
}

#[tokio::test]
async fn what_somebody_else_wrote_there_is_no_answer() {
    let url = RedisServer::shared().url();
    let settings = settings(&url);
    let key = format!("{}test:a", settings.prefix);
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let _: () = connection.set(key, "a poem").await.unwrap();
    let limiter = RedisLimiter::new(connected(settings).await);
    assert!(limiter.take(&bucket(1), now()).await.is_err());
}
