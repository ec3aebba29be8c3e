//! Keeping first answers.

use kernel::{Fault, UserId, WorkId};
use ledger::{Answer, AnswerKey, Answers, Attempt, Claim, Claimed};
use tokio::task::JoinSet;

use crate::backend::Backend;
use crate::given::{ada, at, bob};

crate::on_both!(
    the_first_to_ask_carries_it_out,
    of_many_who_ask_at_once_one_carries_it_out,
    a_kept_answer_is_given_again,
    an_answer_is_kept_once,
    a_key_used_for_another_request_is_told_apart,
    a_released_claim_may_be_taken_again,
    a_released_key_may_be_used_for_another_request,
    what_a_process_left_behind_is_given_back_and_answers_stay,
    a_claim_nobody_came_back_for_is_given_again_once,
    what_a_process_held_that_says_nothing_any_more_is_given_again,
    a_key_belongs_to_its_user,
    old_claims_and_answers_are_purged,
);

async fn the_first_to_ask_carries_it_out(db: Backend) {
    assert_eq!(claim(&db, ada(), 0).await, first(0));
    assert_eq!(claim(&db, ada(), 1).await, Claim::InProgress);
}

async fn of_many_who_ask_at_once_one_carries_it_out(db: Backend) {
    let mut claims = JoinSet::new();
    for _ in 0..20 {
        let db = (*db).clone();
        claims.spawn(async move {
            db.claim(&key(ada()), asks("f", 0), at(0), at(-60))
                .await
                .unwrap()
        });
    }
    let claims = claims.join_all().await;
    assert_eq!(claims.iter().filter(|claim| **claim == first(0)).count(), 1);
}

async fn a_kept_answer_is_given_again(db: Backend) {
    claim(&db, ada(), 0).await;
    db.keep(&key(ada()), &answer()).await.unwrap();
    assert_eq!(claim(&db, ada(), 5000).await, Claim::Answered(answer()));
}

async fn an_answer_is_kept_once(db: Backend) {
    claim(&db, ada(), 0).await;
    db.keep(&key(ada()), &answer()).await.unwrap();
    let other = Answer {
        status: 500,
        ..answer()
    };
    let failure = db.keep(&key(ada()), &other).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(claim(&db, ada(), 1).await, Claim::Answered(answer()));
}

async fn a_key_used_for_another_request_is_told_apart(db: Backend) {
    claim(&db, ada(), 0).await;
    let other = db
        .claim(&key(ada()), asks("other", 0), at(0), at(-60))
        .await
        .unwrap();
    assert_eq!(other, Claim::Mismatch);
}

async fn a_released_claim_may_be_taken_again(db: Backend) {
    claim(&db, ada(), 0).await;
    db.release(&key(ada())).await.unwrap();
    assert_eq!(claim(&db, ada(), 1).await, again(0));
    db.keep(&key(ada()), &answer()).await.unwrap();
    db.release(&key(ada())).await.unwrap();
    assert_eq!(claim(&db, ada(), 2).await, Claim::Answered(answer()));
}

async fn a_released_key_may_be_used_for_another_request(db: Backend) {
    claim(&db, ada(), 0).await;
    db.release(&key(ada())).await.unwrap();
    let other = db
        .claim(&key(ada()), asks("other", 1), at(1), at(-59))
        .await;
    assert_eq!(other.unwrap(), first(1));
    assert_eq!(claim(&db, ada(), 2).await, Claim::Mismatch);
}

async fn what_a_process_left_behind_is_given_back_and_answers_stay(db: Backend) {
    claim(&db, ada(), 0).await;
    claim(&db, bob(), 0).await;
    db.keep(&key(bob()), &answer()).await.unwrap();
    assert_eq!(db.abandon().await.unwrap(), 1);
    assert_eq!(claim(&db, ada(), 1).await, again(0));
    assert_eq!(claim(&db, bob(), 1).await, Claim::Answered(answer()));
}

async fn a_claim_nobody_came_back_for_is_given_again_once(db: Backend) {
    claim(&db, ada(), 0).await;
    assert_eq!(claim(&db, ada(), 60).await, Claim::InProgress);
    assert_eq!(claim(&db, ada(), 61).await, again(0));
    assert_eq!(claim(&db, ada(), 62).await, Claim::InProgress);
}

/// The other process has another name; time passes for both alike.
async fn what_a_process_held_that_says_nothing_any_more_is_given_again(db: Backend) {
    let (other, key) = (db.process(uuid::Uuid::from_u128(7)).await, key(ada()));
    other.beat(at(0)).await.unwrap();
    let claimed = other.claim(&key, asks("f", 1), at(1), at(-59));
    assert_eq!(claimed.await.unwrap(), first(1));
    other.beat(at(3)).await.unwrap();
    assert_eq!(claim(&db, ada(), 18).await, Claim::InProgress);
    assert_eq!(claim(&db, ada(), 19).await, again(1));
    assert_eq!(claim(&db, ada(), 20).await, Claim::InProgress);
}

async fn a_key_belongs_to_its_user(db: Backend) {
    assert_eq!(claim(&db, ada(), 0).await, first(0));
    assert_eq!(claim(&db, bob(), 0).await, first(0));
}

async fn old_claims_and_answers_are_purged(db: Backend) {
    claim(&db, ada(), 0).await;
    claim(&db, bob(), 10).await;
    db.keep(&key(ada()), &answer()).await.unwrap();
    assert_eq!(db.purge(at(10)).await.unwrap(), 1);
    assert_eq!(claim(&db, ada(), 11).await, first(11));
    assert_eq!(claim(&db, bob(), 11).await, Claim::InProgress);
}

/// Asks at this second; claims older than a minute are stale.
async fn claim(db: &Backend, user: UserId, second: i64) -> Claim {
    let (now, stale) = (at(second), at(second - 60));
    let key = key(user);
    let claim = db.claim(&key, asks("f", second), now, stale);
    claim.await.unwrap()
}

/// The work of who asks at this second.
fn work(second: i64) -> WorkId {
    WorkId::new(uuid::Uuid::from_u128(
        u128::try_from(second + 1).unwrap() << 64,
    ))
}

/// Carries out what was asked at this second, for the first time.
fn first(second: i64) -> Claim {
    let work = work(second);
    Claim::Ours(Attempt { work, again: false })
}

/// The same, not for the first time.
fn again(second: i64) -> Claim {
    let work = work(second);
    Claim::Ours(Attempt { work, again: true })
}

fn key(user: UserId) -> AnswerKey {
    AnswerKey {
        user,
        key: "5f0c".to_owned(),
    }
}

fn answer() -> Answer {
    Answer {
        status: 201,
        body: r#"{"sessionId":"…"}"#.to_owned(),
    }
}

fn asks(fingerprint: &str, number: i64) -> Claimed<'_> {
    Claimed {
        fingerprint,
        work: work(number),
    }
}
