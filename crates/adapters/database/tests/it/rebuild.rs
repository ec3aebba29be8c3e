//! Everything derived can be dropped and folded again to the same bytes.

use std::sync::Arc;

use kernel::UserId;
use ledger::{Change, Entry, HelpCounted};
use sea_orm::{ConnectionTrait, Database as Orm};
use sessions::{EventStore, HelpStore, SessionStore};
use testkit::FixedClock;
use topics::{Projection, Rules, TopicName, Topics};

use crate::backend::Backend;
use crate::given::{Given, ada, at, bob};

crate::on_both!(
    a_rebuild_gives_the_same_bytes,
    an_unreadable_entry_of_one_user_does_not_keep_the_others_waiting,
);

/// Every derived row as one line of text. Written out here, because the ports give values and
/// this is about bytes.
const DERIVED: [&str; 5] = [
    "SELECT state || ' ' || COALESCE(CAST(ended_at AS text), '-') AS line
     FROM session_timelines ORDER BY session_id",
    "SELECT CAST(date AS text) || ' ' || topic || ' ' || CAST(duration_ms AS text) || ' '
     || CAST(active_ms AS text) || ' ' || CAST(distracted_ms AS text) || ' '
     || CAST(num_distracted AS text) AS line FROM topic_stats ORDER BY session_id, date, topic",
    "SELECT CAST(date AS text) || ' ' || topic || ' ' || CAST(count AS text) AS line
     FROM help_counts ORDER BY user_id, date, topic",
    "SELECT topic || ' ' || subtopic || ' ' || CAST(last_seen_at AS text) AS line
     FROM user_topics ORDER BY user_id, topic, subtopic",
    "SELECT CAST(seq AS text) AS line FROM projections ORDER BY user_id",
];

async fn a_rebuild_gives_the_same_bytes(db: Backend) {
    let given = Given::new();
    let topics = topics(&db);
    for user in [ada(), bob()] {
        study(&db, &given, &topics, user).await;
    }
    topics.catch_up_all().await.unwrap();
    let before = bytes(&db).await;
    let mut rebuilt = Vec::new();
    let entries = topics
        .rebuild_all(|user, _| rebuilt.push(user))
        .await
        .unwrap();
    assert_eq!(bytes(&db).await, before);
    assert_eq!((entries, rebuilt.len()), (2 * 29, 2));
    assert!(before.iter().all(|table| !table.is_empty()), "{before:#?}");
}

async fn an_unreadable_entry_of_one_user_does_not_keep_the_others_waiting(db: Backend) {
    let given = Given::new();
    let mut users = [ada(), bob()];
    users.sort();
    for user in users {
        HelpStore::add(&*db, &given.help(user), &given.entry(user))
            .await
            .unwrap();
    }
    let break_one = "UPDATE ledger_entries SET version = 99 WHERE user_id IN
         (SELECT user_id FROM ledger_heads ORDER BY user_id LIMIT 1)";
    let raw = Orm::connect(db.url()).await.unwrap();
    raw.execute_unprepared(break_one).await.unwrap();
    topics(&db).catch_up_all().await.unwrap_err();
    assert_eq!(db.behind(None, 10).await.unwrap(), users[..1]);
}

/// Twenty-two events in two sessions, some late, one session ended in between, and requests for
/// help; what is derived is brought up to date by bits.
async fn study(db: &Backend, given: &Given, topics: &Topics, user: UserId) {
    let sessions = [given.session(user), given.session(user)];
    for (number, topic) in (0..22_i64).zip(["Bio", "Math", "Bio", "Unknown"].into_iter().cycle()) {
        let session = &sessions[usize::from(number % 3 == 0)];
        let mut new = given.event(session, at((number * 37) % 500));
        new.event.topic = TopicName::stored(topic);
        new.event.content.is_distracted = number % 5 == 0;
        db.record(&new, &new.entries()).await.unwrap();
        if number % 7 == 0 {
            let entry = help(given, user);
            HelpStore::add(&**db, &given.help(user), &entry)
                .await
                .unwrap();
            topics.catch_up(user).await.unwrap();
        }
        if number == 15 {
            let read = SessionStore::find(&**db, user, session.id).await;
            let ended = read.unwrap().unwrap().end(at(300)).unwrap();
            SessionStore::end(&**db, &ended, &given.ended(&ended))
                .await
                .unwrap();
        }
    }
}

fn help(given: &Given, user: UserId) -> Entry {
    let change = HelpCounted {
        help_request_id: given.id().into(),
        session_id: None,
        topic: "Bio".to_owned(),
    };
    given.entry_of(user, Change::HelpCounted(change))
}

async fn bytes(db: &Backend) -> Vec<Vec<String>> {
    let raw = Orm::connect(db.url()).await.unwrap();
    let mut tables = Vec::new();
    for select in DERIVED {
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), select);
        let rows = raw.query_all_raw(statement).await.unwrap();
        let lines = rows.iter().map(|row| row.try_get("", "line").unwrap());
        tables.push(lines.collect());
    }
    tables
}

fn topics(db: &Backend) -> Topics {
    let db = Arc::new((**db).clone());
    let clock = FixedClock::at("2026-03-01T12:00:00Z");
    Topics::new(db.clone(), db, Arc::new(clock), Rules::default())
}
