//! Refreshes and sign-outs at the same time, from two processes.

use std::time::Duration;

use auth::{AccountStore, Applied, FamilyKey, FamilyStore, RevocationFeed, Stepped, Succession};
use database::{Database, Options};
use tokio::task::JoinSet;

use crate::auth_given::{ending, hash, reset, signed_in, swap};
use crate::backend::Backend;
use crate::given::{ada, at};

crate::on_both!(
    of_a_hundred_swaps_of_one_token_one_is_stored_and_the_others_repeat_it,
    sign_outs_side_by_side_number_the_blacklist_without_a_hole,
);

async fn of_a_hundred_swaps_of_one_token_one_is_stored_and_the_others_repeat_it(db: Backend) {
    signed_in(&db, 1).await;
    let processes = [patient(&db).await, patient(&db).await];
    let mut swaps = JoinSet::new();
    for (n, db) in (2..102).zip(processes.iter().cycle()) {
        let (db, swap) = (db.clone(), swap(n));
        swaps.spawn(async move { db.succeed(&swap).await.unwrap() });
    }
    let steps = swaps.join_all().await;
    let won = steps.iter().filter(|step| **step == Stepped::Done);
    assert_eq!(won.count(), 1);
    assert_eq!(successors(&db).await, 1);
    let mut swaps = JoinSet::new();
    for (n, db) in (102..202).zip(processes.iter().cycle()) {
        let db = db.clone();
        swaps.spawn(async move { repeat(&db, n).await });
    }
    let steps = swaps.join_all().await;
    assert!(steps.iter().all(|step| *step == Stepped::Done));
    assert_eq!(successors(&db).await, 101);
    let alive = FamilyStore::list(&*db, ada(), at(1)).await.unwrap();
    assert_eq!(alive.len(), 1);
}

/// Whoever reads on after the last number it has seen has seen every line in the end.
async fn sign_outs_side_by_side_number_the_blacklist_without_a_hole(db: Backend) {
    signed_in(&db, 40).await;
    let processes = [patient(&db).await, patient(&db).await];
    let mut endings = JoinSet::new();
    for (n, db) in (1..=30).zip(processes.iter().cycle()) {
        let db = db.clone();
        endings.spawn(async move { db.end(&ending(n)).await.unwrap().unwrap_or_default() });
    }
    let [_, other] = processes;
    endings.spawn(async move {
        match other.apply(&reset()).await.unwrap() {
            Applied::Done(access) => access,
            refused => panic!("{refused:?}"),
        }
    });
    let mut seen = Vec::new();
    while !endings.is_empty() {
        while endings.try_join_next().transpose().unwrap().is_some() {}
        read_on(&db, &mut seen).await;
    }
    read_on(&db, &mut seen).await;
    let newest = i64::try_from(seen.len()).unwrap();
    assert!(seen.iter().copied().eq(1..=newest), "{seen:?}");
    assert_eq!(newest, 40);
    assert_eq!(db.head().await.unwrap(), newest);
}

async fn read_on(db: &Database, seen: &mut Vec<i64>) {
    let after = seen.last().copied().unwrap_or(0);
    let lines = db.after(after, 7).await.unwrap();
    seen.extend(lines.iter().map(|line| line.number));
    if lines.len() == 7 {
        Box::pin(read_on(db, seen)).await;
    }
}

/// Swaps token 1 again, knowing of its first swap.
async fn repeat(db: &Database, n: u8) -> Stepped {
    let key = FamilyKey::Refresh(hash(1));
    let held = FamilyStore::find(db, key).await.unwrap().unwrap();
    let known = Succession {
        swapped_at: held.token.swapped_at,
        ..swap(n)
    };
    db.succeed(&known).await.unwrap()
}

async fn successors(db: &Database) -> usize {
    let mut stored = 0;
    for n in 2..202 {
        let key = FamilyKey::Refresh(hash(n));
        let held = FamilyStore::find(db, key).await.unwrap();
        stored += usize::from(held.is_some());
    }
    stored
}

/// Another process, which waits for a connection as long as the crowd takes.
async fn patient(db: &Backend) -> Database {
    let options = Options {
        acquire_timeout: Duration::from_mins(1),
        ..Options::default()
    };
    Database::connect(db.url(), options).await.unwrap()
}
