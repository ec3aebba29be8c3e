//! Ending sessions nobody ends.

use std::sync::Arc;
use std::time::Duration;

use database::Database;
use kernel::Timestamp;
use ledger::{Actor, Ledger, Position};
use sessions::{
    Ending, EventStore, Profiles, Session, SessionPorts, SessionStore, Sessions, Stored,
};
use testkit::{FixedClock, SeededBits};
use topics::{AliasTable, Rules};

use crate::backend::Backend;
use crate::given::{Given, ada, at};

const HALF_AN_HOUR: Duration = Duration::from_mins(30);

crate::on_both!(
    a_session_in_which_something_happened_meanwhile_goes_on,
    an_idle_session_ends_at_its_last_capture_plus_the_gap,
    an_idle_session_without_events_ends_at_its_start_plus_the_gap,
    a_session_goes_on_while_old_pictures_are_uploaded,
);

async fn a_session_in_which_something_happened_meanwhile_goes_on(db: Backend) {
    let given = Given::new();
    let read = started(&db, &given).await;
    record(&db, &given, &read, (30, 32)).await;
    let ended = read.end(at(20)).unwrap();
    let mut entry = given.ended(&ended);
    assert_eq!(db.end(&ended, &entry).await.unwrap(), Ending::GoesOn);
    assert_eq!(stored(&db, &read).await.ended_at(), None);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
    entry.actor = Actor::User;
    assert_eq!(db.end(&ended, &entry).await.unwrap(), Ending::Now);
}

async fn an_idle_session_ends_at_its_last_capture_plus_the_gap(db: Backend) {
    let given = Given::new();
    let session = started(&db, &given).await;
    record(&db, &given, &session, (60, 3600)).await;
    assert_eq!(end_idle(&db, at(3600 + 1801)).await, 1);
    assert_eq!(stored(&db, &session).await.ended_at(), Some(at(180)));
}

async fn an_idle_session_without_events_ends_at_its_start_plus_the_gap(db: Backend) {
    let given = Given::new();
    let session = started(&db, &given).await;
    assert_eq!(end_idle(&db, at(1800)).await, 0);
    assert_eq!(end_idle(&db, at(1801)).await, 1);
    assert_eq!(stored(&db, &session).await.ended_at(), Some(at(120)));
}

async fn a_session_goes_on_while_old_pictures_are_uploaded(db: Backend) {
    let given = Given::new();
    let session = started(&db, &given).await;
    record(&db, &given, &session, (60, 3600)).await;
    assert_eq!(end_idle(&db, at(3660)).await, 0);
    assert_eq!(stored(&db, &session).await.ended_at(), None);
}

async fn started(db: &Database, given: &Given) -> Session {
    let session = given.session(ada());
    db.start(&session, &given.started(&session)).await.unwrap();
    session
}

/// Stores an event captured and received at these seconds.
async fn record(db: &Database, given: &Given, session: &Session, seconds: (i64, i64)) {
    let mut new = given.event(session, at(seconds.0));
    new.event.received_at = at(seconds.1);
    let recorded = db.record(&new, &new.entries()).await;
    assert_eq!(recorded.unwrap(), Stored::New);
}

async fn stored(db: &Database, session: &Session) -> Session {
    let found = SessionStore::find(db, session.user, session.id).await;
    found.unwrap().unwrap()
}

/// How many sessions the sweep ends at this moment.
async fn end_idle(db: &Database, now: Timestamp) -> usize {
    let db = Arc::new(db.clone());
    let clock = Arc::new(FixedClock::at("2026-03-01T10:00:00Z"));
    clock.set(now);
    let ids = Arc::new(SeededBits::new(11));
    let ports = SessionPorts {
        store: db.clone(),
        events: db.clone(),
        help: db.clone(),
        profiles: Profiles::new(db, clock.clone(), ids.clone()),
    };
    let names = Arc::new(AliasTable::default());
    let sessions = Sessions::new(ports, clock, ids, names);
    let ended = sessions.end_idle(HALF_AN_HOUR, Rules::default()).await;
    ended.unwrap()
}
