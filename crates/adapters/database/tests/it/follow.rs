//! Following a log as it grows.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use database::Database;
use kernel::UserId;
use ledger::{FollowError, Follower, Ledger, Position, Recorded};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use sessions::HelpStore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::backend::Backend;
use crate::given::{Given, ada, bob};
use crate::jobs_killed::TokioTimer;

crate::on_both!(
    what_was_missed_comes_once_and_in_order_while_others_go_on_writing,
    what_is_open_is_told_when_it_is_committed_and_nothing_before_it_is_lost,
    what_is_given_up_is_never_told,
    a_follower_at_the_end_is_told_of_the_next_commit_without_looking,
    a_log_that_ends_before_the_position_is_another_one,
);

/// So long that only what is told is seen.
const NEVER: Duration = Duration::from_hours(1);
const SOON: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(30);

fn follower(db: &Database, look_every: Duration) -> Follower {
    let ledger = Arc::new(db.clone());
    Follower::new((ledger, db), (Arc::new(TokioTimer), look_every), ada())
}

/// Entries until there are so many.
async fn read(follower: &mut Follower, count: usize) -> Vec<Recorded> {
    let mut read = Vec::new();
    while read.len() < count {
        let next = timeout(PATIENCE, follower.next()).await;
        read.extend(next.expect("more comes in time").unwrap());
    }
    read
}

fn numbers(entries: &[Recorded]) -> Vec<i64> {
    entries.iter().map(|one| one.position.number()).collect()
}

async fn write(db: &Database, given: &Given, user: UserId) {
    let stored = HelpStore::add(db, &given.help(user), &given.entry(user)).await;
    stored.unwrap();
}

/// Ten minutes of a busy desk are missed: the client was told up to 50, comes again while 200
/// entries of four writers are there or on their way, and hears the rest live.
async fn what_was_missed_comes_once_and_in_order_while_others_go_on_writing(db: Backend) {
    let given = Arc::new(Given::new());
    for _ in 0..50 {
        write(&db, &given, ada()).await;
    }
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let (db, given) = (db.again().await, given.clone());
        writers.spawn(async move {
            for _ in 0..50 {
                write(&db, &given, ada()).await;
                write(&db, &given, if writer == 0 { bob() } else { ada() }).await;
            }
        });
    }
    let mut follower = follower(&db, SOON);
    follower.move_to(Position::new(50));
    let entries = read(&mut follower, 350).await;
    writers.join_all().await;
    assert_eq!(numbers(&entries), (51..=400).collect::<Vec<_>>());
    let ids: HashSet<_> = entries.iter().map(|one| one.entry.id).collect();
    assert_eq!(ids.len(), 350);
    assert!(read_nothing_more(&mut follower).await);
}

async fn read_nothing_more(follower: &mut Follower) -> bool {
    for _ in 0..3 {
        if !follower.next().await.unwrap().is_empty() {
            return false;
        }
    }
    true
}

/// One more entry, as another process writes it: not to be seen before it is committed.
const APPEND: &str = "INSERT INTO ledger_entries \
    (user_id, seq, id, name, version, actor, device_time, server_time, zone, payload) \
    SELECT e.user_id, e.seq + 1, $2, e.name, e.version, e.actor, e.device_time, e.server_time, \
    e.zone, e.payload FROM ledger_entries e WHERE e.user_id = $1 ORDER BY e.seq DESC LIMIT 1";
const MOVE: &str = "UPDATE ledger_heads SET seq = seq + 1 WHERE user_id = $1";

async fn open_append(other: &DatabaseConnection, given: &Given) -> sea_orm::DatabaseTransaction {
    let options = sea_orm::TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..sea_orm::TransactionOptions::default()
    };
    let tx = other.begin_with_options(options).await.unwrap();
    let backend = tx.get_database_backend();
    let user: sea_orm::Value = ada().uuid().into();
    for (sql, values) in [
        (MOVE, vec![user.clone()]),
        (APPEND, vec![user, given.id().into()]),
    ] {
        let statement = Statement::from_sql_and_values(backend, sql, values);
        tx.execute_raw(statement).await.unwrap();
    }
    tx
}

async fn what_is_open_is_told_when_it_is_committed_and_nothing_before_it_is_lost(db: Backend) {
    let given = Arc::new(Given::new());
    write(&db, &given, ada()).await;
    let other = sea_orm::Database::connect(db.url()).await.unwrap();
    let open = open_append(&other, &given).await;
    let mut follower = follower(&db, SOON);
    assert_eq!(numbers(&read(&mut follower, 1).await), [1]);
    assert!(read_nothing_more(&mut follower).await, "2 is not committed");
    let behind = {
        let (db, given) = (db.again().await, given.clone());
        tokio::spawn(async move { write(&db, &given, ada()).await })
    };
    assert!(read_nothing_more(&mut follower).await, "3 waits for 2");
    open.commit().await.unwrap();
    behind.await.unwrap();
    assert_eq!(numbers(&read(&mut follower, 2).await), [2, 3]);
}

async fn what_is_given_up_is_never_told(db: Backend) {
    let given = Given::new();
    write(&db, &given, ada()).await;
    let other = sea_orm::Database::connect(db.url()).await.unwrap();
    let open = open_append(&other, &given).await;
    let mut follower = follower(&db, SOON);
    assert_eq!(numbers(&read(&mut follower, 1).await), [1]);
    open.rollback().await.unwrap();
    write(&db, &given, ada()).await;
    let next = read(&mut follower, 1).await;
    assert_eq!(numbers(&next), [2]);
    let log = db.read(ada(), Position::START, 10).await.unwrap();
    assert_eq!(log[1], next[0], "2 is the one that was committed");
}

async fn a_follower_at_the_end_is_told_of_the_next_commit_without_looking(db: Backend) {
    let given = Given::new();
    let mut follower = follower(&db, NEVER);
    for number in 1..=3 {
        write(&db, &given, ada()).await;
        assert_eq!(numbers(&read(&mut follower, 1).await), [number]);
        assert!(follower.next().await.unwrap().is_empty(), "the end");
    }
}

async fn a_log_that_ends_before_the_position_is_another_one(db: Backend) {
    let given = Given::new();
    write(&db, &given, ada()).await;
    let mut follower = follower(&db, SOON);
    follower.move_to(Position::new(2));
    let ended = follower.next().await;
    assert!(
        matches!(ended, Err(FollowError::NoSuchPosition)),
        "{ended:?}"
    );
}

/// What one replica commits another one's clients hear, without looking.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_one_process_is_heard_in_another() {
    let db = Backend::postgres().await;
    let other = db.again().await;
    for database in [(*db).clone(), other.clone()] {
        tokio::spawn(async move { database.connect_signals().await });
    }
    let given = Given::new();
    let mut follower = follower(&other, NEVER);
    let heard = async {
        // What is committed before the other process listens it finds when it begins to.
        for number in 1..=5 {
            write(&db, &given, ada()).await;
            assert_eq!(numbers(&read(&mut follower, 1).await), [number]);
        }
    };
    timeout(Duration::from_mins(1), heard).await.unwrap();
}
