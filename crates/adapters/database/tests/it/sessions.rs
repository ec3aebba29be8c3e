//! Keeping sessions.

use kernel::{Fault, PageRequest};
use ledger::{Ledger, Position};
use sessions::{Ending, Session, SessionStore, Stored};

use crate::backend::Backend;
use crate::given::{Given, ada, all, at, bob};

crate::on_both!(
    a_session_starts_once,
    a_session_id_of_another_user_changes_nothing,
    a_start_whose_entry_cannot_be_appended_leaves_nothing,
    a_session_ends_once,
    an_end_whose_entry_cannot_be_appended_leaves_it_active,
    a_session_of_another_user_cannot_be_ended,
    the_active_session_is_the_newest_that_has_not_ended,
    sessions_are_listed_newest_first_in_pages,
    sessions_of_the_same_moment_are_all_listed,
    sessions_are_listed_by_the_day_of_their_zone,
    idle_sessions_are_those_without_activity_oldest_first,
    other_users_see_no_session,
);

async fn a_session_starts_once(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    assert_eq!(start(&db, &given, &session).await, Stored::New);
    assert_eq!(start(&db, &given, &session).await, Stored::Already);
    assert_eq!(db.find(ada(), session.id).await.unwrap(), Some(session));
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(1));
}

async fn a_session_id_of_another_user_changes_nothing(db: Backend) {
    let given = Given::new();
    let theirs = given.session(bob());
    start(&db, &given, &theirs).await;
    let ours = Session {
        user: ada(),
        ..theirs.clone()
    };
    let failure = db.start(&ours, &given.started(&ours)).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Dangling);
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
    assert_eq!(db.find(bob(), theirs.id).await.unwrap(), Some(theirs));
}

async fn a_start_whose_entry_cannot_be_appended_leaves_nothing(db: Backend) {
    let given = Given::new();
    let (first, second) = (given.session(ada()), given.session(ada()));
    let mut entry = given.started(&first);
    db.start(&first, &entry).await.unwrap();
    entry.change = given.started(&second).change;
    let failure = db.start(&second, &entry).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(db.find(ada(), second.id).await.unwrap(), None);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(1));
}

async fn a_session_ends_once(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    start(&db, &given, &session).await;
    let (first, second) = (session.end(at(60)).unwrap(), session.end(at(90)).unwrap());
    assert_eq!(
        db.end(&first, &given.ended(&first)).await.unwrap(),
        Ending::Now
    );
    assert_eq!(
        db.end(&second, &given.ended(&second)).await.unwrap(),
        Ending::Before
    );
    assert_eq!(db.find(ada(), session.id).await.unwrap(), Some(first));
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
}

async fn an_end_whose_entry_cannot_be_appended_leaves_it_active(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let entry = given.started(&session);
    db.start(&session, &entry).await.unwrap();
    let ended = session.end(at(60)).unwrap();
    assert_eq!(
        db.end(&ended, &entry).await.unwrap_err().fault(),
        Fault::Conflict
    );
    assert_eq!(db.find(ada(), session.id).await.unwrap(), Some(session));
}

async fn a_session_of_another_user_cannot_be_ended(db: Backend) {
    let given = Given::new();
    let theirs = given.session(bob());
    start(&db, &given, &theirs).await;
    let mut ended = theirs.end(at(60)).unwrap();
    ended.user = ada();
    let failure = db.end(&ended, &given.ended(&ended)).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Dangling);
    assert_eq!(db.find(bob(), theirs.id).await.unwrap(), Some(theirs));
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
}

async fn the_active_session_is_the_newest_that_has_not_ended(db: Backend) {
    let given = Given::new();
    let [old, newer, newest] = three(&db, &given).await;
    assert_eq!(db.active(ada()).await.unwrap(), Some(newest.clone()));
    let ended = newest.end(at(300)).unwrap();
    db.end(&ended, &given.ended(&ended)).await.unwrap();
    assert_eq!(db.active(ada()).await.unwrap(), Some(newer));
    assert_ne!(db.active(ada()).await.unwrap(), Some(old));
}

async fn sessions_are_listed_newest_first_in_pages(db: Backend) {
    let given = Given::new();
    let [old, newer, newest] = three(&db, &given).await;
    let first = db
        .list(ada(), None, PageRequest::new(2, None))
        .await
        .unwrap();
    assert_eq!(first.items, [newest, newer]);
    let rest = PageRequest::new(2, first.next);
    let rest = db.list(ada(), None, rest).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![old], None));
}

async fn sessions_of_the_same_moment_are_all_listed(db: Backend) {
    let given = Given::new();
    for _ in 0..5 {
        start(&db, &given, &given.session(ada())).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = PageRequest::new(2, after);
        let page = db.list(ada(), None, page).await.unwrap();
        seen.extend(page.items.into_iter().map(|session| session.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let in_order = seen.is_sorted_by(|a, b| a > b);
    assert!(in_order && seen.len() == 5, "{seen:?}");
}

async fn sessions_are_listed_by_the_day_of_their_zone(db: Backend) {
    let given = Given::new();
    let (berlin, new_york) = (chrono_tz::Europe::Berlin, chrono_tz::America::New_York);
    let late = "2026-03-01T23:30:00Z".parse().unwrap();
    let tomorrow = given.session_at(ada(), late, berlin);
    let today = given.session_at(ada(), late, new_york);
    for session in [&tomorrow, &today] {
        start(&db, &given, session).await;
    }
    let day = "2026-03-01".parse().unwrap();
    let page = db.list(ada(), Some(day), all()).await.unwrap();
    assert_eq!(page.items, [today]);
}

async fn idle_sessions_are_those_without_activity_oldest_first(db: Backend) {
    let given = Given::new();
    let [old, newer, newest] = three(&db, &given).await;
    let ended = old.end(at(300)).unwrap();
    let theirs = given.session_at(bob(), at(90), chrono_tz::UTC);
    start(&db, &given, &theirs).await;
    db.end(&ended, &given.ended(&ended)).await.unwrap();
    let idle = db.idle(newest.started_at, 10).await.unwrap();
    assert_eq!(idle, [theirs.clone(), newer]);
    assert_eq!(db.idle(newest.started_at, 1).await.unwrap(), [theirs]);
}

async fn other_users_see_no_session(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    start(&db, &given, &session).await;
    assert_eq!(db.find(bob(), session.id).await.unwrap(), None);
    assert_eq!(db.active(bob()).await.unwrap(), None);
    assert_eq!(db.list(bob(), None, all()).await.unwrap().items, []);
}

async fn start(db: &Backend, given: &Given, session: &Session) -> Stored {
    db.start(session, &given.started(session)).await.unwrap()
}

/// Three sessions, a minute apart from 10:01 on.
async fn three(db: &Backend, given: &Given) -> [Session; 3] {
    let sessions = [60, 120, 180].map(|start| given.session_at(ada(), at(start), chrono_tz::UTC));
    for session in &sessions {
        start(db, given, session).await;
    }
    sessions
}
