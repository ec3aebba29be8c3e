//! A Redis that is frozen, away, or back.

use std::time::Duration;

use kernel::Fault;
use limits::RateLimiter;
use redis_shared::{Redis, RedisLimiter};
use testkit::redis_server::RedisServer;

use crate::given::{bucket, connected, hasty, now, settings};

const LONG: Duration = Duration::from_hours(1);

async fn is_unavailable(limiter: &RedisLimiter) -> bool {
    let taken = limiter.take(&bucket(100_000), now()).await;
    taken.is_err_and(|error| error.fault() == Fault::Unavailable)
}

/// Until Redis is asked and answers again; a test that waits for ever is stopped by its runner.
async fn until_there(redis: &Redis) {
    while redis.check().await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_frozen_redis_holds_nobody_and_is_then_left_alone() {
    let server = RedisServer::start();
    let redis = connected(hasty(&server, LONG)).await;
    let limiter = RedisLimiter::new(redis.clone());
    server.freeze();
    assert!(is_unavailable(&limiter).await);
    server.thaw();
    assert!(
        is_unavailable(&limiter).await,
        "asked again before its rest was over"
    );
}

#[tokio::test]
async fn a_frozen_redis_counts_again_once_it_goes_on() {
    let server = RedisServer::start();
    let redis = connected(hasty(&server, Duration::ZERO)).await;
    let limiter = RedisLimiter::new(redis.clone());
    server.freeze();
    assert!(is_unavailable(&limiter).await);
    assert!(is_unavailable(&limiter).await);
    server.thaw();
    until_there(&redis).await;
    assert!(!is_unavailable(&limiter).await);
}

#[tokio::test]
async fn a_redis_that_is_away_counts_again_once_it_is_back() {
    let server = RedisServer::start();
    let redis = connected(hasty(&server, Duration::ZERO)).await;
    let limiter = RedisLimiter::new(redis.clone());
    let port = server.port();
    drop(server);
    assert!(is_unavailable(&limiter).await);
    let _back = RedisServer::start_at(port);
    until_there(&redis).await;
    assert!(!is_unavailable(&limiter).await);
}

#[tokio::test]
async fn a_connection_that_was_dropped_meanwhile_is_opened_again_unnoticed() {
    let server = RedisServer::start();
    let redis = connected(settings(&server.url())).await;
    let limiter = RedisLimiter::new(redis);
    assert!(!is_unavailable(&limiter).await);
    let port = server.port();
    drop(server);
    let _back = RedisServer::start_at(port);
    assert!(!is_unavailable(&limiter).await);
}
