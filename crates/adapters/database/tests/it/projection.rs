//! Keeping what is derived from the logs.

use chrono::TimeDelta;
use kernel::{Date, Timestamp};
use ledger::Position;
use sessions::{HelpStore, Session, SessionStore};
use topics::{
    Attention, HelpCount, Observation, Projection, ProjectionTx, Rules, SeenTopic, StatsReader,
    StoredTimeline, Timeline, TopicName,
};

use crate::backend::Backend;
use crate::given::{Given, ada, at, bob};

crate::on_both!(
    a_log_without_projection_is_behind_until_it_is_projected,
    a_projection_that_reached_less_than_the_head_stays_behind,
    the_lag_is_what_all_logs_hold_beyond_their_projections,
    users_with_a_log_are_listed_in_pages,
    a_timeline_reads_back_as_it_was,
    rows_that_vanish_from_a_timeline_vanish_from_the_days,
    a_dropped_unit_of_work_leaves_nothing,
    projectors_of_one_user_wait_for_each_other,
    readers_see_the_old_numbers_until_a_reset_is_committed,
    a_topic_remembers_when_it_was_seen_last,
    requests_for_help_add_up_by_day_and_topic,
    other_users_see_nothing_that_is_derived,
    a_user_without_a_log_can_be_projected,
);

async fn a_log_without_projection_is_behind_until_it_is_projected(db: Backend) {
    session(&db, &Given::new()).await;
    assert!(db.is_behind(ada()).await.unwrap());
    assert_eq!(db.behind(None, 10).await.unwrap(), [ada()]);
    commit(begin(&db).await, 1).await;
    assert!(!db.is_behind(ada()).await.unwrap());
    assert_eq!(db.behind(None, 10).await.unwrap(), []);
    assert_eq!(begin(&db).await.position(), Position::new(1));
}

async fn the_lag_is_what_all_logs_hold_beyond_their_projections(db: Backend) {
    let given = Given::new();
    assert_eq!(db.lag().await.unwrap(), 0);
    session(&db, &given).await;
    for user in [ada(), bob(), bob()] {
        HelpStore::add(&*db, &given.help(user), &given.entry(user))
            .await
            .unwrap();
    }
    assert_eq!(db.lag().await.unwrap(), 4);
    commit(begin(&db).await, 1).await;
    assert_eq!(db.lag().await.unwrap(), 3);
}

async fn a_projection_that_reached_less_than_the_head_stays_behind(db: Backend) {
    let given = Given::new();
    session(&db, &given).await;
    let tx = begin(&db).await;
    commit(tx, 1).await;
    append(&db, &given).await;
    append(&db, &given).await;
    commit(begin(&db).await, 2).await;
    assert!(db.is_behind(ada()).await.unwrap());
}

async fn users_with_a_log_are_listed_in_pages(db: Backend) {
    let given = Given::new();
    let mut users = [ada(), bob()];
    users.sort();
    for user in users {
        HelpStore::add(&*db, &given.help(user), &given.entry(user))
            .await
            .unwrap();
    }
    assert_eq!(db.users(None, 10).await.unwrap(), users);
    assert_eq!(db.users(None, 1).await.unwrap(), users[..1]);
    assert_eq!(db.users(Some(users[0]), 10).await.unwrap(), users[1..]);
    assert_eq!(db.behind(Some(users[0]), 10).await.unwrap(), users[1..]);
}

async fn a_timeline_reads_back_as_it_was(db: Backend) {
    let session = session(&db, &Given::new()).await;
    let stored = timeline(&session, &["Bio", "Math", "Bio"]);
    let mut tx = begin(&db).await;
    tx.save_timeline(&stored).await.unwrap();
    assert_eq!(tx.timeline(session.id).await.unwrap(), Some(stored.clone()));
    commit(tx, 1).await;
    let read = StatsReader::session(&*db, ada(), session.id).await.unwrap();
    assert_eq!(read, Some(stored.clone()));
    let counted = db.days(ada(), day(), day()).await.unwrap();
    assert_eq!(counted.settled, *stored.timeline.settled());
    assert_eq!(counted.running, [stored]);
}

async fn rows_that_vanish_from_a_timeline_vanish_from_the_days(db: Backend) {
    let session = session(&db, &Given::new()).await;
    for topics in [&["Bio", "Math", "Chem"], &["Bio", "Bio", "Bio"]] {
        let mut tx = begin(&db).await;
        let stored = timeline(&session, topics);
        tx.save_timeline(&stored).await.unwrap();
        commit(tx, 1).await;
        let counted = db.days(ada(), day(), day()).await.unwrap();
        assert_eq!(counted.settled, *stored.timeline.settled());
    }
}

async fn a_dropped_unit_of_work_leaves_nothing(db: Backend) {
    let session = session(&db, &Given::new()).await;
    let mut tx = begin(&db).await;
    tx.save_timeline(&timeline(&session, &["Bio", "Math"]))
        .await
        .unwrap();
    tx.count_help(day(), &TopicName::unknown()).await.unwrap();
    drop(tx);
    assert_eq!(
        StatsReader::session(&*db, ada(), session.id).await.unwrap(),
        None
    );
    assert_eq!(db.help(ada(), day(), day()).await.unwrap(), []);
    assert_eq!(begin(&db).await.position(), Position::START);
    assert!(db.is_behind(ada()).await.unwrap());
}

async fn projectors_of_one_user_wait_for_each_other(db: Backend) {
    session(&db, &Given::new()).await;
    let first = begin(&db).await;
    let other = db.again().await;
    let second = tokio::spawn(async move { other.begin(ada()).await.unwrap().position() });
    commit(first, 1).await;
    assert_eq!(second.await.unwrap(), Position::new(1));
}

async fn readers_see_the_old_numbers_until_a_reset_is_committed(db: Backend) {
    let session = session(&db, &Given::new()).await;
    let stored = timeline(&session, &["Bio", "Math"]);
    let mut tx = begin(&db).await;
    tx.save_timeline(&stored).await.unwrap();
    commit(tx, 1).await;
    let mut tx = begin(&db).await;
    tx.reset().await.unwrap();
    assert_eq!(tx.position(), Position::START);
    assert_eq!(tx.timeline(session.id).await.unwrap(), None);
    let counted = db.days(ada(), day(), day()).await.unwrap();
    assert_eq!(counted.settled, *stored.timeline.settled());
    commit(tx, 0).await;
    let counted = db.days(ada(), day(), day()).await.unwrap();
    assert_eq!(counted.settled.iter().count(), 0);
    assert!(db.is_behind(ada()).await.unwrap());
}

async fn a_topic_remembers_when_it_was_seen_last(db: Backend) {
    session(&db, &Given::new()).await;
    let mut tx = begin(&db).await;
    for (topic, subtopic, second) in [
        ("Math", None, 5),
        ("Bio", Some("Cells"), 20),
        ("Bio", Some("Cells"), 10),
        ("Bio", Some("Botany"), 30),
    ] {
        tx.topic_seen(&seen(topic, subtopic, at(second)))
            .await
            .unwrap();
    }
    commit(tx, 1).await;
    let topics = db.topics(ada()).await.unwrap();
    let told: Vec<_> = topics
        .iter()
        .map(|topic| (topic.topic.as_str(), topic.last_seen_at))
        .collect();
    assert_eq!(told, [("Bio", at(30)), ("Math", at(5))]);
    let cells = topics[0]
        .subtopics
        .iter()
        .map(|sub| (sub.name.as_str(), sub.last_seen_at));
    assert_eq!(
        cells.collect::<Vec<_>>(),
        [("Botany", at(30)), ("Cells", at(20))]
    );
    assert_eq!(topics[1].subtopics, []);
}

async fn requests_for_help_add_up_by_day_and_topic(db: Backend) {
    session(&db, &Given::new()).await;
    let (bio, math) = (TopicName::stored("Bio"), TopicName::stored("Math"));
    let next = day() + TimeDelta::days(1);
    let mut tx = begin(&db).await;
    for (date, topic) in [(day(), &math), (next, &bio), (day(), &math), (day(), &bio)] {
        tx.count_help(date, topic).await.unwrap();
    }
    commit(tx, 1).await;
    let counts = db.help(ada(), day(), day()).await.unwrap();
    let count = |topic: &TopicName, count| HelpCount {
        date: day(),
        topic: topic.clone(),
        count,
    };
    assert_eq!(counts, [count(&bio, 1), count(&math, 2)]);
    assert_eq!(db.help(ada(), day(), next).await.unwrap().len(), 3);
}

async fn other_users_see_nothing_that_is_derived(db: Backend) {
    let session = session(&db, &Given::new()).await;
    let mut tx = begin(&db).await;
    tx.save_timeline(&timeline(&session, &["Bio", "Math"]))
        .await
        .unwrap();
    tx.topic_seen(&seen("Bio", None, at(0))).await.unwrap();
    tx.count_help(day(), &TopicName::unknown()).await.unwrap();
    commit(tx, 1).await;
    let counted = db.days(bob(), day(), day()).await.unwrap();
    assert_eq!(
        (counted.settled.iter().count(), counted.running.len()),
        (0, 0)
    );
    assert_eq!(
        StatsReader::session(&*db, bob(), session.id).await.unwrap(),
        None
    );
    assert_eq!(db.topics(bob()).await.unwrap(), []);
    assert_eq!(db.help(bob(), day(), day()).await.unwrap(), []);
    let mut theirs = db.begin(bob()).await.unwrap();
    assert_eq!(theirs.timeline(session.id).await.unwrap(), None);
    assert_eq!(theirs.observations(session.id).await.unwrap(), []);
    assert_eq!(theirs.entries(Position::START, 10).await.unwrap(), []);
}

async fn a_user_without_a_log_can_be_projected(db: Backend) {
    let mut tx = begin(&db).await;
    tx.reset().await.unwrap();
    commit(tx, 0).await;
    assert!(!db.is_behind(ada()).await.unwrap());
}

async fn begin(db: &Backend) -> Box<dyn ProjectionTx> {
    db.begin(ada()).await.unwrap()
}

async fn commit(tx: Box<dyn ProjectionTx>, reached: i64) {
    tx.commit(Position::new(reached)).await.unwrap();
}

async fn session(db: &Backend, given: &Given) -> Session {
    let session = given.session(ada());
    db.start(&session, &given.started(&session)).await.unwrap();
    session
}

async fn append(db: &Backend, given: &Given) {
    HelpStore::add(&**db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
}

fn day() -> Date {
    "2026-03-01".parse().unwrap()
}

fn seen(topic: &str, subtopic: Option<&str>, at: Timestamp) -> SeenTopic {
    SeenTopic {
        topic: TopicName::stored(topic),
        subtopic: subtopic.map(str::to_owned),
        at,
    }
}

/// One event of each topic, ten seconds apart.
fn timeline(session: &Session, topics: &[&str]) -> StoredTimeline {
    let given = Given::new();
    let events = topics.iter().zip(0..).map(|(topic, number)| Observation {
        id: given.id().into(),
        at: at(number * 10),
        topic: TopicName::stored(*topic),
        attention: Attention {
            is_active: true,
            is_distracted: false,
        },
    });
    StoredTimeline {
        session: session.id,
        timeline: Timeline::fold(session.zone, Rules::default(), events),
        ended_at: None,
    }
}
