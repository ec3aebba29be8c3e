//! Counting what is stored.

use std::sync::Arc;

use auth::{
    Account, AccountStore, AccountTotals, Census, Role, Standing, StudyTotals, Totals as Counted,
};
use chrono::TimeDelta;
use kernel::{Timestamp, UserId};
use sessions::{EventStore, SessionStore};
use testkit::FixedClock;
use topics::{Rules, Topics};

use crate::auth_given::{account, event};
use crate::backend::Backend;
use crate::given::{Given, ada, at, bob};

crate::on_both!(
    an_empty_database_has_nothing_of_anything,
    sessions_events_and_study_time_of_all_users_are_counted,
    accounts_are_counted_by_role_and_whether_they_are_closed,
);

async fn an_empty_database_has_nothing_of_anything(db: Backend) {
    let totals = db.totals(at(0).date_naive()).await.unwrap();
    assert_eq!(totals, Counted::default());
}

async fn sessions_events_and_study_time_of_all_users_are_counted(db: Backend) {
    let given = Given::new();
    for (user, days_ago) in [(ada(), 0), (ada(), 6), (bob(), 7), (bob(), 29), (bob(), 30)] {
        study_a_minute(&db, &given, user, at(0) - TimeDelta::days(days_ago)).await;
    }
    let shared = Arc::new((*db).clone());
    let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z"));
    let topics = Topics::new(shared.clone(), shared, clock, Rules::default());
    topics.catch_up_all().await.unwrap();

    let open = given.session(ada());
    db.start(&open, &given.started(&open)).await.unwrap();
    let expected = Counted {
        users: 2,
        sessions: 6,
        open_sessions: 1,
        learning_events: 10,
        study: StudyTotals {
            last_7_days_ms: 2 * 60_000,
            last_30_days_ms: 4 * 60_000,
        },
        ..Counted::default()
    };
    assert_eq!(db.totals(at(0).date_naive()).await.unwrap(), expected);
}

/// A session with two images a minute apart, which ends with the second one.
async fn study_a_minute(db: &Backend, given: &Given, user: UserId, start: Timestamp) {
    let session = given.session_at(user, start, chrono_tz::Europe::Berlin);
    db.start(&session, &given.started(&session)).await.unwrap();
    let last = start + TimeDelta::minutes(1);
    for captured_at in [start, last] {
        let new = given.event(&session, captured_at);
        db.record(&new, &new.entries()).await.unwrap();
    }
    let seen = SessionStore::find(&**db, user, session.id).await;
    let ended = seen.unwrap().unwrap().end(last).unwrap();
    db.end(&ended, &given.ended(&ended)).await.unwrap();
}

async fn accounts_are_counted_by_role_and_whether_they_are_closed(db: Backend) {
    let email = "bob@example.org".parse().unwrap();
    let closed = Account {
        role: Role::Admin,
        standing: Standing::Disabled(at(1)),
        ..Account::with_password(bob(), email, "$h".to_owned().into(), at(0))
    };
    db.create(&account(), &event(1)).await.unwrap();
    db.create(&closed, &event(2)).await.unwrap();
    let expected = AccountTotals {
        users: 1,
        admins: 1,
        disabled: 1,
    };
    let totals = db.totals(at(0).date_naive()).await.unwrap();
    assert_eq!((totals.users, totals.accounts), (2, expected));
}
