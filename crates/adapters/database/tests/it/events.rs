//! Keeping learning events.

use kernel::{Fault, PageRequest};
use ledger::{Ledger, Position};
use sessions::{EventStore, LearningEvent, NewLearningEvent, Session, SessionStore, Stored};
use tokio::task::JoinSet;

use crate::backend::Backend;
use crate::given::{Given, ada, all, at, bob};

crate::on_both!(
    an_event_starts_its_session_and_reads_back_as_it_was,
    an_event_is_recorded_once,
    an_event_sent_many_times_at_once_is_recorded_once,
    the_last_activity_never_moves_back,
    an_upload_of_old_pictures_is_activity,
    an_event_in_a_session_of_another_user_changes_nothing,
    an_event_id_of_another_user_is_a_conflict,
    an_event_whose_entry_cannot_be_appended_leaves_nothing,
    text_with_a_nul_is_refused_and_leaves_nothing,
    an_event_may_come_after_the_end,
    events_are_listed_newest_capture_first_in_pages,
    other_users_see_no_event,
);

async fn an_event_starts_its_session_and_reads_back_as_it_was(db: Backend) {
    let given = Given::new();
    let new = given.event(&given.session(ada()), at(5));
    assert_eq!(record(&db, &new).await, Stored::New);
    let found = EventStore::find(&*db, ada(), new.event.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&new.event));
    let session = SessionStore::find(&*db, ada(), new.session.id)
        .await
        .unwrap();
    let moved = Session {
        last_activity_at: new.event.received_at,
        ..new.session.clone()
    };
    assert_eq!(session, Some(moved));
    let log = db.read(ada(), Position::START, 10).await.unwrap();
    let entries: Vec<_> = log.into_iter().map(|recorded| recorded.entry).collect();
    assert_eq!(entries, [new.entries().session, new.entries().event]);
}

async fn an_event_is_recorded_once(db: Backend) {
    let given = Given::new();
    let new = given.event(&given.session(ada()), at(5));
    assert_eq!(record(&db, &new).await, Stored::New);
    assert_eq!(record(&db, &new).await, Stored::Already);
    assert_eq!(db.count(ada(), new.session.id).await.unwrap(), 1);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
}

async fn an_event_sent_many_times_at_once_is_recorded_once(db: Backend) {
    let given = Given::new();
    let new = given.event(&given.session(ada()), at(5));
    let mut tries = JoinSet::new();
    for _ in 0..8 {
        let (db, new) = ((*db).clone(), new.clone());
        tries.spawn(async move { db.record(&new, &new.entries()).await.unwrap() });
    }
    let tries = tries.join_all().await;
    assert_eq!(
        tries
            .iter()
            .filter(|stored| **stored == Stored::New)
            .count(),
        1
    );
    assert_eq!(db.count(ada(), new.session.id).await.unwrap(), 1);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
}

async fn the_last_activity_never_moves_back(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    for second in [50, 20] {
        record(&db, &given.event(&session, at(second))).await;
    }
    let stored = SessionStore::find(&*db, ada(), session.id).await.unwrap();
    assert_eq!(stored.unwrap().last_activity_at, at(52));
}

async fn an_upload_of_old_pictures_is_activity(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let mut new = given.event(&session, at(60));
    new.event.received_at = at(7200);
    record(&db, &new).await;
    assert_eq!(db.idle(at(7200), 10).await.unwrap(), []);
    assert_eq!(db.idle(at(7201), 10).await.unwrap().len(), 1);
}

async fn an_event_in_a_session_of_another_user_changes_nothing(db: Backend) {
    let given = Given::new();
    let theirs = given.session(bob());
    record(&db, &given.event(&theirs, at(1))).await;
    let ours = Session {
        user: ada(),
        ..theirs.clone()
    };
    let new = given.event(&ours, at(9));
    let failure = db.record(&new, &new.entries()).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Dangling);
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
    assert_eq!(db.count(bob(), theirs.id).await.unwrap(), 1);
}

async fn an_event_id_of_another_user_is_a_conflict(db: Backend) {
    let given = Given::new();
    let theirs = given.event(&given.session(bob()), at(1));
    record(&db, &theirs).await;
    let mut ours = given.event(&given.session(ada()), at(1));
    ours.event.id = theirs.event.id;
    let failure = db.record(&ours, &ours.entries()).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(
        SessionStore::find(&*db, ada(), ours.session.id)
            .await
            .unwrap(),
        None
    );
}

async fn an_event_whose_entry_cannot_be_appended_leaves_nothing(db: Backend) {
    let given = Given::new();
    let first = given.event(&given.session(ada()), at(1));
    record(&db, &first).await;
    let mut second = given.event(&given.session(ada()), at(2));
    second.entry_id = first.entry_id;
    let failure = db.record(&second, &second.entries()).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(
        EventStore::find(&*db, ada(), second.event.id)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        SessionStore::find(&*db, ada(), second.session.id)
            .await
            .unwrap(),
        None
    );
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
}

async fn text_with_a_nul_is_refused_and_leaves_nothing(db: Backend) {
    let given = Given::new();
    let mut new = given.event(&given.session(ada()), at(1));
    new.event.content.extracted_text = "a\0b".to_owned();
    let failure = db.record(&new, &new.entries()).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Refused);
    assert_eq!(
        SessionStore::find(&*db, ada(), new.session.id)
            .await
            .unwrap(),
        None
    );
}

async fn an_event_may_come_after_the_end(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    db.start(&session, &given.started(&session)).await.unwrap();
    let ended = session.end(at(60)).unwrap();
    db.end(&ended, &given.ended(&ended)).await.unwrap();
    assert_eq!(
        record(&db, &given.event(&session, at(30))).await,
        Stored::New
    );
    assert_eq!(db.count(ada(), session.id).await.unwrap(), 1);
}

async fn events_are_listed_newest_capture_first_in_pages(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    for second in [20, 30, 10] {
        record(&db, &given.event(&session, at(second))).await;
    }
    let first = PageRequest::new(2, None);
    let first = EventStore::list(&*db, ada(), session.id, first)
        .await
        .unwrap();
    assert_eq!(captures(&first.items), [at(30), at(20)]);
    let rest = PageRequest::new(2, first.next);
    let rest = EventStore::list(&*db, ada(), session.id, rest)
        .await
        .unwrap();
    assert_eq!((captures(&rest.items), rest.next), (vec![at(10)], None));
}

async fn other_users_see_no_event(db: Backend) {
    let given = Given::new();
    let new = given.event(&given.session(ada()), at(5));
    record(&db, &new).await;
    assert_eq!(
        EventStore::find(&*db, bob(), new.event.id).await.unwrap(),
        None
    );
    let page = EventStore::list(&*db, bob(), new.session.id, all())
        .await
        .unwrap();
    assert_eq!(page.items, []);
    assert_eq!(db.count(bob(), new.session.id).await.unwrap(), 0);
}

async fn record(db: &Backend, new: &NewLearningEvent) -> Stored {
    db.record(new, &new.entries()).await.unwrap()
}

fn captures(events: &[LearningEvent]) -> Vec<kernel::Timestamp> {
    events.iter().map(|event| event.captured_at).collect()
}
