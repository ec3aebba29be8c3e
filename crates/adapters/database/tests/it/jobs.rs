//! Keeping jobs.

use std::time::Duration;

use database::Database;
use jobs::{
    Ask, Claimed, Enqueued, JobQueue, JobState, JobStore, JobYard, Kind, NewJob, Owner, Percent,
    Reason, Settled, Verdict,
};
use kernel::{Fault, PageRequest, PortResult, UserId, Zone};
use ledger::{Change, Ledger, Position};
use privacy::Erasures;
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::backend::Backend;
use crate::given::{ada, at, bob};

crate::on_both!(
    an_accepted_job_is_found_by_its_owner_alone_and_told_in_their_log,
    accepting_the_same_job_again_changes_nothing,
    of_jobs_with_one_key_one_is_unfinished,
    an_id_of_another_users_job_is_refused,
    a_job_is_claimed_once_and_only_when_due,
    of_many_who_claim_at_once_each_gets_other_jobs,
    what_a_worker_cannot_do_is_left_to_others,
    a_lease_that_is_renewed_holds_and_one_that_ran_out_does_not,
    a_done_job_tells_what_came_of_it_and_its_owners_log_tells_it_once,
    a_job_is_tried_again_when_it_is_due_and_tells_why_it_failed,
    a_failed_job_is_kept_with_its_reason_until_it_is_tried_again_or_purged,
    a_released_attempt_does_not_count,
    what_a_holder_left_behind_is_due_at_once,
    progress_is_stored_while_the_lease_holds,
    depths_count_by_kind_and_tell_since_when_a_job_is_due,
    jobs_of_an_erased_user_go_and_no_new_one_is_accepted,
);

const LEASE: i64 = 30;

fn number(n: u128) -> Uuid {
    Uuid::from_u128(n << 8)
}

fn job(n: u128) -> NewJob {
    NewJob::now(number(n).into(), Kind::new("sum"), json!({ "n": n }), at(0))
}

fn adas(n: u128) -> NewJob {
    owned(n, ada())
}

fn owned(n: u128, user: UserId) -> NewJob {
    let zone = Zone::UTC;
    job(n).owned_by(Owner { user, zone })
}

async fn claim(db: &Database, holder: u128, second: i64, limit: u16) -> Vec<Claimed> {
    try_claim(db, holder, second, limit).await.unwrap()
}

async fn try_claim(
    db: &Database,
    holder: u128,
    second: i64,
    limit: u16,
) -> PortResult<Vec<Claimed>> {
    let ask = Ask {
        holder: Uuid::from_u128(holder),
        kinds: &[Kind::new("sum")],
        limit,
        now: at(second),
        until: at(second + LEASE),
    };
    db.claim(&ask).await
}

async fn one(db: &Database, holder: u128, second: i64) -> Claimed {
    let mut claimed = claim(db, holder, second, 1).await;
    claimed.pop().expect("a job is due")
}

async fn settle(db: &Database, claimed: &Claimed, verdict: Verdict, second: i64) -> Settled {
    let settlement = claimed.settlement(verdict, at(second));
    db.settle(&settlement).await.unwrap()
}

fn done() -> Verdict {
    Verdict::Done(json!({ "sum": 3 }))
}

fn reason() -> Reason {
    Reason::new("away", "the other side is away")
}

async fn told(db: &Database, user: UserId) -> Vec<&'static str> {
    let log = db.read(user, Position::START, 100).await.unwrap();
    log.iter().map(|entry| entry.entry.change.name()).collect()
}

async fn state(db: &Database, n: u128) -> JobState {
    let job = db.find(ada(), number(n).into()).await.unwrap();
    job.expect("the job is there").state
}

async fn an_accepted_job_is_found_by_its_owner_alone_and_told_in_their_log(db: Backend) {
    let new = adas(1);
    assert_eq!(db.enqueue(&new).await.unwrap(), Enqueued::New(new.id));
    let found = db.find(ada(), new.id).await.unwrap().unwrap();
    assert_eq!((found.kind, found.payload), (new.kind, new.payload));
    assert_eq!((found.attempts, found.owner), (0, new.owner));
    let (due_at, last) = (at(0), None);
    assert_eq!(found.state, JobState::Waiting { due_at, last });
    assert_eq!(db.find(bob(), new.id).await.unwrap(), None);
    assert_eq!(told(&db, ada()).await, ["job.accepted"]);
}

async fn accepting_the_same_job_again_changes_nothing(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    settle(&db, &held, done(), 1).await;
    let again = db.enqueue(&adas(1)).await.unwrap();
    assert_eq!(again, Enqueued::Already(number(1).into()));
    assert!(matches!(state(&db, 1).await, JobState::Done { .. }));
    assert_eq!(told(&db, ada()).await, ["job.accepted", "job.ended"]);
}

async fn of_jobs_with_one_key_one_is_unfinished(db: Backend) {
    db.enqueue(&job(1).once("a")).await.unwrap();
    let second = db.enqueue(&job(2).once("a")).await.unwrap();
    assert_eq!(second, Enqueued::Already(number(1).into()));
    let other = db.enqueue(&job(3).once("b")).await.unwrap();
    assert_eq!(other, Enqueued::New(number(3).into()));
    let held = one(&db, 1, 0).await;
    assert_eq!(held.lease.job, number(1).into());
    let second = db.enqueue(&job(2).once("a")).await.unwrap();
    assert_eq!(second, Enqueued::Already(number(1).into()));
    settle(&db, &held, done(), 1).await;
    let second = db.enqueue(&job(2).once("a")).await.unwrap();
    assert_eq!(second, Enqueued::New(number(2).into()));
}

async fn an_id_of_another_users_job_is_refused(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let failure = db.enqueue(&owned(1, bob())).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert!(told(&db, bob()).await.is_empty());
}

async fn a_job_is_claimed_once_and_only_when_due(db: Backend) {
    let later = NewJob {
        due_at: at(10),
        ..job(1)
    };
    db.enqueue(&later).await.unwrap();
    assert_eq!(claim(&db, 1, 9, 10).await, []);
    let claimed = claim(&db, 1, 10, 10).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].job.payload, json!({ "n": 1 }));
    assert_eq!(claimed[0].job.state, JobState::Running);
    assert_eq!(claimed[0].lease.attempt, 1);
    assert_eq!(claim(&db, 2, 11, 10).await, []);
}

async fn of_many_who_claim_at_once_each_gets_other_jobs(db: Backend) {
    for n in 0..40 {
        db.enqueue(&job(n)).await.unwrap();
    }
    let mut claims = JoinSet::new();
    for holder in 0..8 {
        let db = (*db).clone();
        claims.spawn(async move { claim(&db, holder, 1, 5).await });
    }
    let claimed = claims.join_all().await.concat();
    let mut ids: Vec<_> = claimed.iter().map(|claimed| claimed.job.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), claimed.len(), "no two have the same job");
    let rest = claim(&db, 9, 1, 100).await.len();
    assert_eq!(ids.len() + rest, 40);
}

async fn what_a_worker_cannot_do_is_left_to_others(db: Backend) {
    let mut other = job(1);
    other.kind = Kind::new("of a newer server");
    db.enqueue(&other).await.unwrap();
    assert_eq!(claim(&db, 1, 1, 10).await, []);
}

async fn a_lease_that_is_renewed_holds_and_one_that_ran_out_does_not(db: Backend) {
    db.enqueue(&job(1)).await.unwrap();
    let first = one(&db, 1, 0).await;
    db.renew(&[first.lease], at(40)).await.unwrap();
    assert_eq!(claim(&db, 2, 39, 1).await, []);
    let second = one(&db, 2, 40).await;
    assert_eq!(second.lease.attempt, 2);
    db.renew(&[first.lease], at(400)).await.unwrap();
    assert_eq!(settle(&db, &first, done(), 41).await, Settled::Lost);
    assert_eq!(settle(&db, &second, done(), 41).await, Settled::Counted);
    assert_eq!(claim(&db, 3, 1000, 1).await, []);
}

async fn a_done_job_tells_what_came_of_it_and_its_owners_log_tells_it_once(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    assert_eq!(settle(&db, &held, done(), 1).await, Settled::Counted);
    assert_eq!(settle(&db, &held, done(), 2).await, Settled::Lost);
    let result = json!({ "sum": 3 });
    let at = at(1);
    assert_eq!(state(&db, 1).await, JobState::Done { result, at });
    let log = db.read(ada(), Position::new(1), 10).await.unwrap();
    let [ended] = log.as_slice() else {
        panic!("one entry tells of the end: {log:?}")
    };
    let Change::JobEnded(change) = &ended.entry.change else {
        panic!("{ended:?}")
    };
    assert_eq!((change.job_id, &change.failure), (number(1).into(), &None));
}

async fn a_job_is_tried_again_when_it_is_due_and_tells_why_it_failed(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    let (again_at, reason) = (at(5), reason());
    let again = Verdict::Again {
        at: again_at,
        reason: reason.clone(),
    };
    assert_eq!(settle(&db, &held, again, 1).await, Settled::Counted);
    let waits = JobState::Waiting {
        due_at: again_at,
        last: Some(reason),
    };
    assert_eq!(state(&db, 1).await, waits);
    assert_eq!(told(&db, ada()).await, ["job.accepted"]);
    assert_eq!(claim(&db, 1, 4, 1).await, []);
    assert_eq!(one(&db, 1, 5).await.lease.attempt, 2);
}

async fn a_failed_job_is_kept_with_its_reason_until_it_is_tried_again_or_purged(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    settle(&db, &held, Verdict::Failed(reason()), 1).await;
    let page = PageRequest::new(10, None);
    let failed = db.failed(page).await.unwrap().items;
    assert_eq!(failed.len(), 1);
    let (reason, ended_at) = (reason(), at(1));
    let expected = JobState::Failed {
        reason,
        at: ended_at,
    };
    assert_eq!(failed[0].state, expected);
    assert_eq!(claim(&db, 1, 1000, 1).await, []);
    assert!(db.revive(number(1).into(), at(1000)).await.unwrap());
    assert!(!db.revive(number(1).into(), at(1000)).await.unwrap());
    let held = one(&db, 1, 1000).await;
    assert_eq!(held.lease.attempt, 1);
    settle(&db, &held, done(), 1001).await;
    assert_eq!(db.purge(at(1001)).await.unwrap(), 0);
    assert_eq!(db.purge(at(1002)).await.unwrap(), 1);
    assert_eq!(db.find(ada(), number(1).into()).await.unwrap(), None);
}

async fn a_released_attempt_does_not_count(db: Backend) {
    db.enqueue(&job(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    db.release(held.lease, at(1)).await.unwrap();
    let next = one(&db, 2, 1).await;
    assert_eq!(next.lease.attempt, 1);
    db.release(held.lease, at(1)).await.unwrap();
    assert_eq!(settle(&db, &held, done(), 2).await, Settled::Lost);
    assert_eq!(settle(&db, &next, done(), 2).await, Settled::Counted);
}

async fn what_a_holder_left_behind_is_due_at_once(db: Backend) {
    for n in 0..3 {
        db.enqueue(&job(n)).await.unwrap();
    }
    claim(&db, 1, 0, 2).await;
    claim(&db, 2, 0, 1).await;
    let holder = Uuid::from_u128(1);
    assert_eq!(db.abandon(holder, at(1)).await.unwrap(), 2);
    let again = claim(&db, 1, 1, 10).await;
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|claimed| claimed.lease.attempt == 2));
}

async fn progress_is_stored_while_the_lease_holds(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let progress = async || {
        let job = db.find(ada(), number(1).into()).await.unwrap();
        job.unwrap().progress.number()
    };
    let first = one(&db, 1, 0).await;
    db.report(first.lease, Percent::new(40)).await.unwrap();
    assert_eq!(progress().await, 40);
    let second = one(&db, 2, LEASE).await;
    db.report(first.lease, Percent::new(90)).await.unwrap();
    assert_eq!(progress().await, 40);
    settle(&db, &second, done(), 31).await;
    assert_eq!(progress().await, 100);
}

async fn depths_count_by_kind_and_tell_since_when_a_job_is_due(db: Backend) {
    for n in 0..4 {
        db.enqueue(&job(n)).await.unwrap();
    }
    let failing = one(&db, 1, 0).await;
    settle(&db, &failing, Verdict::Failed(reason()), 1).await;
    let finished = one(&db, 1, 0).await;
    settle(&db, &finished, done(), 1).await;
    one(&db, 1, 0).await;
    let depths = db.depths(at(5)).await.unwrap();
    let [depth] = depths.as_slice() else {
        panic!("one kind: {depths:?}")
    };
    assert_eq!((depth.waiting, depth.running, depth.failed), (1, 1, 1));
    assert_eq!(depth.due_since, Some(at(0)));
}

async fn jobs_of_an_erased_user_go_and_no_new_one_is_accepted(db: Backend) {
    db.enqueue(&adas(1)).await.unwrap();
    let held = one(&db, 1, 0).await;
    db.mark(ada(), at(1)).await.unwrap();
    let note = Uuid::from_u128(9).into();
    let removed = db.remove_rows(ada(), at(1), note).await.unwrap();
    assert_eq!(removed["jobs"], 1);
    assert_eq!(settle(&db, &held, done(), 2).await, Settled::Lost);
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
    let failure = db.enqueue(&adas(2)).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Gone);
    assert_eq!(claim(&db, 2, 1000, 10).await, []);
}

/// A worker rings for what others accept here, and through Postgres for what others accept there.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_accepted_by_one_process_rings_in_another() {
    let db = Backend::postgres().await;
    let other = db.again().await;
    for database in [(*db).clone(), other.clone()] {
        tokio::spawn(async move { database.connect_signals().await });
    }
    // The first ring may be the one of a connection that was just made.
    let rung = async {
        for n in 0.. {
            db.enqueue(&job(n)).await.unwrap();
            let rings = tokio::time::timeout(Duration::from_secs(1), jobs::Bell::rung(&other));
            if rings.await.is_ok() && n > 2 {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), rung).await;
    assert!(in_time.is_ok(), "the other process hears of jobs");
}
