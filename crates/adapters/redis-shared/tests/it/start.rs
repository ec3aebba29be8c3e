//! The first connection.

use std::error::Error;
use std::time::Duration;

use redis_shared::{ConnectError, Redis, RedisSettings};
use testkit::redis_server::RedisServer;

use crate::given::{connected, settings};

async fn refused(url: &str) -> ConnectError {
    refused_within(url, Duration::from_secs(30)).await
}

/// By a server that leaves it open whether it will ever answer.
async fn refused_at_once(url: &str) -> ConnectError {
    refused_within(url, Duration::from_millis(200)).await
}

async fn refused_within(url: &str, connect_within: Duration) -> ConnectError {
    let settings = RedisSettings {
        connect_within,
        ..settings(url)
    };
    match Redis::connect(settings).await {
        Ok(_) => panic!("connected"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_redis_that_answers_is_connected() {
    let redis = connected(settings(&RedisServer::shared().url())).await;
    redis.check().await.unwrap();
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let port = RedisServer::start().port();
    let error = refused(&format!("redis://127.0.0.1:{port}")).await;
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn a_redis_that_does_not_answer_holds_nobody() {
    let server = RedisServer::start();
    server.freeze();
    let error = refused_at_once(&server.url()).await;
    assert!(!matches!(error, ConnectError::Url(_)), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_not_taken_for_one_with_it() {
    let url = RedisServer::shared().url().replace("redis:", "rediss:");
    let error = refused_at_once(&url).await;
    assert!(!matches!(error, ConnectError::Url(_)), "{error}");
}

#[tokio::test]
async fn wrong_credentials_are_told_and_never_shown() {
    let server = RedisServer::shared().url();
    let url = server.replace("redis://", "redis://somebody:hunter2@");
    let error = refused(&url).await;
    let source = error.source().unwrap().to_string();
    assert!(!format!("{error} {error:?} {source}").contains("hunter2"));
}

#[tokio::test]
async fn what_is_no_url_of_redis_is_refused() {
    assert!(matches!(
        refused("http://localhost").await,
        ConnectError::Url(_)
    ));
}
