//! The log of one user.

use std::sync::Arc;

use kernel::PortResult;
use ledger::{Ledger, Position, Recorded};
use sessions::{HelpStore, SessionStore, Stored};
use tokio::task::JoinSet;

use crate::backend::Backend;
use crate::given::{Given, ada, bob};

crate::on_both!(
    fifty_appends_at_once_leave_no_hole,
    an_entry_reads_back_as_it_was,
    appending_the_same_entry_again_changes_nothing,
    an_entry_id_of_another_user_leaves_nothing,
    a_log_is_read_after_a_position,
    other_users_see_nothing_of_a_log,
);

async fn fifty_appends_at_once_leave_no_hole(db: Backend) {
    let given = Arc::new(Given::new());
    let mut appends: JoinSet<PortResult<Stored>> = JoinSet::new();
    for _ in 0..50 {
        let (db, request, entry) = ((*db).clone(), given.help(ada()), given.entry(ada()));
        appends.spawn(async move { HelpStore::add(&db, &request, &entry).await });
    }
    for stored in appends.join_all().await {
        assert_eq!(stored.unwrap(), Stored::New);
    }
    let log = db.read(ada(), Position::START, 100).await.unwrap();
    assert_eq!(numbers(&log), (1..=50).collect::<Vec<_>>());
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(50));
}

async fn an_entry_reads_back_as_it_was(db: Backend) {
    let given = Given::new();
    let session = given.session(ada());
    let entry = given.started(&session);
    db.start(&session, &entry).await.unwrap();
    let recorded = Recorded {
        position: Position::new(1),
        entry,
    };
    let log = db.read(ada(), Position::START, 10).await.unwrap();
    assert_eq!(log, [recorded]);
}

async fn appending_the_same_entry_again_changes_nothing(db: Backend) {
    let given = Given::new();
    let (request, entry) = (given.help(ada()), given.entry(ada()));
    assert_eq!(
        HelpStore::add(&*db, &request, &entry).await.unwrap(),
        Stored::New
    );
    assert_eq!(
        HelpStore::add(&*db, &request, &entry).await.unwrap(),
        Stored::Already
    );
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(1));
}

async fn an_entry_id_of_another_user_leaves_nothing(db: Backend) {
    let given = Given::new();
    let (theirs, mut ours) = (given.entry(bob()), given.entry(ada()));
    HelpStore::add(&*db, &given.help(bob()), &theirs)
        .await
        .unwrap();
    ours.id = theirs.id;
    let failure = HelpStore::add(&*db, &given.help(ada()), &ours)
        .await
        .unwrap_err();
    assert_eq!(failure.fault(), kernel::Fault::Conflict);
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
}

async fn a_log_is_read_after_a_position(db: Backend) {
    let given = Given::new();
    for _ in 0..5 {
        HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
            .await
            .unwrap();
    }
    let log = db.read(ada(), Position::new(2), 2).await.unwrap();
    assert_eq!(numbers(&log), [3, 4]);
}

async fn other_users_see_nothing_of_a_log(db: Backend) {
    let given = Given::new();
    HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    assert_eq!(db.read(bob(), Position::START, 10).await.unwrap(), []);
    assert_eq!(db.head(bob()).await.unwrap(), Position::START);
}

fn numbers(log: &[Recorded]) -> Vec<i64> {
    log.iter()
        .map(|recorded| recorded.position.number())
        .collect()
}
