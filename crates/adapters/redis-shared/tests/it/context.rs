//! What is seen is heard by the tutors of all processes, and of this one without Redis.

use std::sync::Arc;
use std::time::Duration;

use redis_shared::{Redis, RedisContext, RedisSettings};
use testkit::contracts::context::{self, Subject, entry, heard, listening};
use testkit::redis_server::RedisServer;
use tokio::task::JoinHandle;
use voice::ContextHub;

use crate::given::{connected, hasty, settings};

mod hub {
    use super::{Arc, ContextHub, Subject};

    async fn one_process() -> Subject {
        let hub = Arc::new(ContextHub::default());
        Subject {
            feed: hub.clone(),
            publisher: hub.clone(),
            elsewhere: hub,
            guard: Box::new(()),
        }
    }

    testkit::context_contract!(one_process);
}

mod redis {
    use super::{RedisServer, Subject, settings, two_processes};

    async fn over_redis() -> Subject {
        two_processes(settings(&RedisServer::shared().url())).await
    }

    testkit::context_contract!(over_redis);
}

/// Stops listening when the test is over.
struct Listens(JoinHandle<()>);

impl Drop for Listens {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn process(redis: Redis) -> (Arc<RedisContext>, Listens) {
    let (context, listener) = RedisContext::connect(redis).await.unwrap();
    (Arc::new(context), Listens(tokio::spawn(listener.listen())))
}

async fn two_processes(settings: RedisSettings) -> Subject {
    let (here, hears) = process(connected(settings.clone()).await).await;
    let (there, hears_too) = process(connected(settings).await).await;
    Subject {
        feed: here.clone(),
        publisher: here,
        elsewhere: there,
        guard: Box::new((hears, hears_too)),
    }
}

#[tokio::test]
async fn a_frozen_redis_fails_the_publisher_and_not_who_listens_beside_it() {
    let server = RedisServer::start();
    let subject = two_processes(hasty(&server, Duration::ZERO)).await;
    let mut listener = listening(&subject, "ada", 1).await;
    server.freeze();
    let told = subject.publisher.publish(entry("ada", 1, 10)).await;
    assert!(told.is_err());
    assert_eq!(heard(&mut listener, 1).await, [entry("ada", 1, 10)]);
    server.thaw();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_was_away_is_heard_again() {
    let server = RedisServer::start();
    let subject = two_processes(hasty(&server, Duration::ZERO)).await;
    let mut listener = listening(&subject, "ada", 1).await;
    let port = server.port();
    drop(server);
    assert!(subject.elsewhere.publish(entry("ada", 1, 1)).await.is_err());
    let _back = RedisServer::start_at(port);
    let elsewhere = subject.elsewhere.clone();
    let telling = Listens(tokio::spawn(async move {
        loop {
            // Fails until Redis is back, and is not heard until the listener is.
            let _told = elsewhere.publish(entry("ada", 1, 2)).await;
            tokio::task::yield_now().await;
        }
    }));
    assert_eq!(heard(&mut listener, 1).await, [entry("ada", 1, 2)]);
    drop(telling);
}

#[tokio::test]
async fn what_somebody_else_publishes_there_is_passed_over() {
    let settings = settings(&RedisServer::shared().url());
    let channel = format!("{}context", settings.prefix);
    let subject = two_processes(settings).await;
    let mut listener = listening(&subject, "ada", 1).await;
    let client = ::redis::Client::open(RedisServer::shared().url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut poem = ::redis::cmd("PUBLISH");
    let poem = poem.arg(channel).arg("a poem");
    poem.query_async::<()>(&mut connection).await.unwrap();
    context::everybody_who_listens_hears_each_entry_once(&subject).await;
    assert_eq!(heard(&mut listener, 1).await, [entry("ada", 1, 10)]);
}
