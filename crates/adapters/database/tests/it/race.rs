//! Projectors and writers at the same time.

use std::sync::Arc;

use database::Database;
use kernel::{SessionId, UserId};
use sessions::{EventStore, NewLearningEvent, SessionStore};
use testkit::FixedClock;
use tokio::task::JoinSet;
use topics::{Projection, Rules, Timeline, Topics};

use crate::backend::Backend;
use crate::given::{Given, ada, at};
use crate::stats::observation;

crate::on_both!(
    projectors_and_writers_racing_lose_nothing,
    a_read_never_misses_what_was_acknowledged_before_it,
);

/// Four writers, two projectors that fold whoever is behind, and nobody who reads: what is there
/// in the end was brought there by the race alone, and one last look at who is behind.
async fn projectors_and_writers_racing_lose_nothing(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let events: Vec<_> = (0..80)
        .map(|second| given.event(&session, at(second)))
        .collect();
    let mut racers = JoinSet::new();
    for part in events.chunks(20) {
        racers.spawn(write((*db).clone(), part.to_vec()));
    }
    for _ in 0..2 {
        racers.spawn(project(db.again().await));
    }
    racers.join_all().await;
    topics(&db).catch_up_all().await.unwrap();
    assert!(!db.is_behind(ada()).await.unwrap());
    let observations = events.iter().map(|new| observation(&new.event));
    let expected = Timeline::fold(session.zone, Rules::default(), observations);
    assert_eq!(
        stats(&topics(&db), ada(), session.id).await,
        expected.stats(Rules::default(), at(80))
    );
}

/// A second of study more with each event, whoever folds it.
async fn a_read_never_misses_what_was_acknowledged_before_it(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    db.start(&session, &given.started(&session)).await.unwrap();
    let background = tokio::spawn(project(db.again().await));
    let day = session.date();
    for second in 0..40 {
        let new = given.event(&session, at(second));
        db.record(&new, &new.entries()).await.unwrap();
        let today = topics_at(&db, second).daily(ada(), day).await.unwrap();
        let total: i64 = today
            .stats
            .iter()
            .map(|(_, totals)| totals.duration_sec())
            .sum();
        assert_eq!(total, second);
    }
    background.await.unwrap();
}

async fn write(db: Database, events: Vec<NewLearningEvent>) {
    for new in events {
        db.record(&new, &new.entries()).await.unwrap();
    }
}

async fn project(db: Database) {
    for _ in 0..40 {
        topics(&db).catch_up_all().await.unwrap();
        tokio::task::yield_now().await;
    }
}

async fn stats(topics: &Topics, user: UserId, session: SessionId) -> topics::Stats {
    topics.session(user, session).await.unwrap()
}

fn topics(db: &Database) -> Topics {
    topics_at(db, 80)
}

fn topics_at(db: &Database, second: i64) -> Topics {
    let clock = FixedClock::at("2026-03-01T10:00:00Z");
    clock.set(at(second));
    let db = Arc::new(db.clone());
    Topics::new(db.clone(), db, Arc::new(clock), Rules::default())
}
