//! What is loaded is what would be there had it been recorded.

use std::sync::Arc;

use database::Database;
use kernel::UserId;
use testkit::FixedClock;
use topics::{Rules, StatsReader, Topics};

use super::{Size, load, name, sqlite_url};

const SIZE: Size = Size {
    users: 3,
    events: 750,
    seed: 7,
};

#[tokio::test]
async fn what_sqlite_is_loaded_with_is_the_fold_over_its_log() {
    let folder = tempfile::tempdir().unwrap();
    check(&sqlite_url(folder.path())).await;
}

#[tokio::test]
async fn what_postgres_is_loaded_with_is_the_fold_over_its_log() {
    check(testkit::postgres::empty().url()).await;
}

async fn check(url: &str) {
    assert_eq!(load(url, SIZE).await.unwrap(), 750);
    assert_eq!(load(url, SIZE).await.unwrap(), 0, "everybody is there");
    let database = Database::connect(url, database::Options::default()).await;
    let database = Arc::new(database.unwrap());
    let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z"));
    let topics = Topics::new(database.clone(), database.clone(), clock, Rules::default());
    let loaded = derived(&database).await;
    assert_eq!(topics.catch_up_all().await.unwrap(), 0, "nobody is behind");
    assert!(topics.rebuild_all(|_, _| ()).await.unwrap() > 750);
    assert_eq!(derived(&database).await, loaded);
}

/// Everything derived of everybody.
async fn derived(database: &Database) -> String {
    let (first, last) = (chrono::NaiveDate::MIN, chrono::NaiveDate::MAX);
    let mut derived = Vec::new();
    for number in 0..SIZE.users {
        let user = UserId::from_name(&name(number));
        let days = database.days(user, first, last).await.unwrap();
        let help = database.help(user, first, last).await.unwrap();
        let topics = database.topics(user).await.unwrap();
        assert!(days.running.is_empty() && !help.is_empty() && !topics.is_empty());
        derived.push(format!("{days:?} {help:?} {topics:?}"));
    }
    derived.concat()
}
