//! Places are counted over all processes, and come free with the process.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Task, Tasks, UserId};
use redis_shared::{RedisPlaces, RedisSettings};
use testkit::redis_server::RedisServer;
use uuid::Uuid;
use voice::{Place, Places, Refused};

use crate::given::{connected, hasty, settings};

/// Runs what it is given.
struct Run;

impl Tasks for Run {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
}

/// A process that dies with whatever it is given.
struct Dies;

impl Tasks for Dies {
    fn spawn(&self, _: &'static str, task: Task) {
        drop(task);
    }
}

async fn process(settings: &RedisSettings) -> RedisPlaces {
    RedisPlaces::new(connected(settings.clone()).await, Arc::new(Run))
}

/// One of two places for each user, of three in all.
async fn take(places: &RedisPlaces, user: &str, talk: u128) -> Result<Place, Refused> {
    let id = Uuid::from_u128(talk).into();
    let taken = places.take(UserId::from_name(user), id, 2, 3).await;
    taken.unwrap()
}

/// Takes a place as soon as there is one.
async fn until_taken(places: &RedisPlaces, user: &str, talk: u128) -> Place {
    loop {
        match take(places, user, talk).await {
            Ok(place) => return place,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn places_of_all_processes_count_and_are_given_back() {
    let settings = settings(&RedisServer::shared().url());
    let (here, there) = (process(&settings).await, process(&settings).await);
    let first = take(&here, "ada", 1).await.unwrap();
    let _second = take(&there, "ada", 2).await.unwrap();
    assert_eq!(take(&here, "ada", 3).await.err(), Some(Refused::User));
    let _third = take(&there, "bob", 4).await.unwrap();
    assert_eq!(take(&here, "eve", 5).await.err(), Some(Refused::Server));
    drop(first);
    until_taken(&there, "eve", 5).await;
}

#[tokio::test]
async fn a_place_of_a_process_that_died_comes_free() {
    let settings = settings(&RedisServer::shared().url());
    let redis = connected(settings.clone()).await;
    let lease = Duration::from_millis(50);
    let dead = RedisPlaces::with_lease(redis, Arc::new(Dies), lease);
    let _lost = (take(&dead, "ada", 1).await, take(&dead, "ada", 2).await);
    let living = process(&settings).await;
    until_taken(&living, "ada", 3).await;
}

#[tokio::test]
async fn a_place_that_is_renewed_outlives_its_lease() {
    let settings = settings(&RedisServer::shared().url());
    let lease = Duration::from_millis(1500);
    let redis = connected(settings.clone()).await;
    let short = RedisPlaces::with_lease(redis, Arc::new(Run), lease);
    let _kept = (take(&short, "ada", 1).await, take(&short, "ada", 2).await);
    // A lease that nobody renews tells that theirs would have ended.
    let redis = connected(settings.clone()).await;
    let dead = RedisPlaces::with_lease(redis, Arc::new(Dies), lease);
    let _lost = take(&dead, "bob", 3).await;
    let living = process(&settings).await;
    let _eve = until_taken(&living, "eve", 4).await;
    assert_eq!(take(&living, "bob", 5).await.err(), Some(Refused::Server));
}

#[tokio::test]
async fn while_redis_is_away_each_process_counts_its_own() {
    let server = RedisServer::start();
    let settings = hasty(&server, Duration::ZERO);
    let (here, there) = (process(&settings).await, process(&settings).await);
    drop(server);
    let _first = take(&here, "ada", 1).await.unwrap();
    let _second = take(&here, "ada", 2).await.unwrap();
    assert_eq!(take(&here, "ada", 3).await.err(), Some(Refused::User));
    take(&there, "ada", 3).await.unwrap();
}
