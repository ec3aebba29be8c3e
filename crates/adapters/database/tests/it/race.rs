//! Projectors and writers at the same time.

use std::sync::Arc;

use database::Database;
use kernel::{SessionId, UserId};
use ledger::{Ledger, Position};
use sessions::{EventStore, NewLearningEvent, SessionStore};
use testkit::FixedClock;
use tokio::task::JoinSet;
use topics::{Projection, Rules, Stats, StatsReader, Timeline, Topics};

use crate::backend::Backend;
use crate::given::{Given, ada, at};
use crate::stats::observation;

crate::on_both!(
    projectors_and_writers_racing_lose_nothing,
    a_read_never_misses_what_was_acknowledged_before_it,
    a_read_never_sees_half_of_a_fold,
    writers_that_are_cut_off_leave_nothing_half_done,
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
        assert_eq!(seconds(&today.stats), second);
    }
    background.await.unwrap();
}

/// As of one moment after the first event, all stretches together are as long as the time since
/// then, however many events have cut it in parts. A reader that saw settled totals and open
/// stretches of two different moments would miss a part.
async fn a_read_never_sees_half_of_a_fold(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let events: Vec<_> = (0..80)
        .map(|second| given.event(&session, at(second)))
        .collect();
    write((*db).clone(), events[..1].to_vec()).await;
    topics(&db).catch_up(ada()).await.unwrap();
    let mut others = JoinSet::new();
    others.spawn(write((*db).clone(), events[1..].to_vec()));
    others.spawn(project(db.again().await));
    others.spawn(project(db.again().await));
    while !others.is_empty() {
        let counted = db
            .days(ada(), session.date(), session.date())
            .await
            .unwrap();
        let mut stats = counted.settled;
        for running in &counted.running {
            stats.merge(&running.timeline.open(Rules::default(), at(80)));
        }
        assert_eq!(seconds(&stats), 80);
        while others.try_join_next().transpose().unwrap().is_some() {}
    }
}

/// Callers go away at any moment. What is stored is whole, and the connections still work.
async fn writers_that_are_cut_off_leave_nothing_half_done(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let events: Vec<_> = (0..60)
        .map(|second| given.event(&session, at(second)))
        .collect();
    for (new, patience) in events.iter().zip((0..12).cycle()) {
        let writer = tokio::spawn(write((*db).clone(), vec![new.clone()]));
        for _ in 0..patience {
            db.check().await.unwrap();
        }
        writer.abort();
        drop(writer.await);
    }
    write((*db).clone(), vec![given.event(&session, at(60))]).await;
    let log = db.read(ada(), Position::START, 200).await.unwrap();
    let numbers = log.iter().map(|recorded| recorded.position.number());
    assert!(numbers.eq(1..=i64::try_from(log.len()).unwrap()));
    let stored = db.count(ada(), session.id).await.unwrap();
    assert_eq!(
        stored + 1,
        log.len() as u64,
        "one entry of the start, and one of each event"
    );
}

fn seconds(stats: &Stats) -> i64 {
    stats.iter().map(|(_, totals)| totals.duration_sec()).sum()
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

pub(crate) async fn stats(topics: &Topics, user: UserId, session: SessionId) -> Stats {
    topics.session(user, session).await.unwrap()
}

pub(crate) fn topics(db: &Database) -> Topics {
    topics_at(db, 80)
}

fn topics_at(db: &Database, second: i64) -> Topics {
    let clock = FixedClock::at("2026-03-01T10:00:00Z");
    clock.set(at(second));
    let db = Arc::new(db.clone());
    Topics::new(db.clone(), db, Arc::new(clock), Rules::default())
}
