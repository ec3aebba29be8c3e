//! What `limits::RateLimiter` promises.
//!
//! The time is an argument, so that a suite of minutes is over at once.

#![expect(
    clippy::missing_panics_doc,
    reason = "each function panics where its promise is broken"
)]

use std::any::Any;
use std::sync::Arc;

use ::limits::{Admission, BucketKey, Left, Quota, RateLimiter};
use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::Timestamp;

/// A limiter against which nothing is counted yet.
pub struct Subject {
    /// The limiter.
    pub limiter: Arc<dyn RateLimiter>,
    /// The same counts by another way, such as another process's connection.
    pub beside: Arc<dyn RateLimiter>,
    /// Kept for as long as the limiter is used: a server.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// The whole burst at once, then one for each interval.
pub async fn the_burst_is_admitted_at_once_and_then_one_an_interval(subject: &Subject) {
    let bucket = [bucket("a", 3)];
    for remaining in [2, 1, 0] {
        let admission = take(subject, &bucket, 0).await;
        assert!(admission.is_admitted());
        assert_eq!(admission.left()[0].remaining, remaining);
    }
    assert_eq!(take(subject, &bucket, 0).await, refused(20_000));
    assert_eq!(take(subject, &bucket, 19_999).await, refused(1));
    assert!(take(subject, &bucket, 20_000).await.is_admitted());
    assert_eq!(take(subject, &bucket, 20_000).await, refused(20_000));
    assert_eq!(admitted(subject, &bucket, 140_000, 5).await, 3);
}

/// One empty bucket refuses, and the others lose nothing.
pub async fn a_take_counts_against_all_buckets_or_none(subject: &Subject) {
    let (tight, loose) = (bucket("tight", 1), bucket("loose", 3));
    let both = [tight, loose.clone()];
    assert!(take(subject, &both, 0).await.is_admitted());
    let Admission::Refused { retry_after, left } = take(subject, &both, 0).await else {
        panic!("admitted by an empty bucket");
    };
    assert_eq!(retry_after, TimeDelta::minutes(1));
    let left: Vec<u32> = left.iter().map(|left| left.remaining).collect();
    assert_eq!(left, [0, 2]);
    assert_eq!(admitted(subject, &[loose], 0, 5).await, 2);
}

/// The wait is that of the bucket that is refilled last.
pub async fn the_wait_is_the_longest_of_all_empty_buckets(subject: &Subject) {
    let both = [bucket("slow", 1), bucket("fast", 2)];
    take(subject, &both, 0).await;
    take(subject, &both[1..], 0).await;
    let Admission::Refused { retry_after, .. } = take(subject, &both, 1000).await else {
        panic!("admitted by an empty bucket");
    };
    assert_eq!(retry_after, TimeDelta::seconds(59));
}

/// Two hundred takes at once admit exactly the burst, by whichever way they come.
pub async fn of_takes_at_once_exactly_the_burst_is_admitted(subject: &Subject) {
    let buckets = [bucket("a", 50), bucket("b", 77)];
    let takes = (0..200).map(|n| {
        let limiter = if n % 2 == 0 {
            &subject.limiter
        } else {
            &subject.beside
        };
        let (limiter, buckets) = (limiter.clone(), buckets.clone());
        tokio::spawn(async move { limiter.take(&buckets, moment(0)).await })
    });
    let admitted = join_all(takes)
        .await
        .into_iter()
        .filter(|taken| match taken {
            Ok(Ok(admission)) => admission.is_admitted(),
            Ok(Err(error)) => panic!("take: {error}: {:?}", std::error::Error::source(error)),
            Err(error) => panic!("take: {error}"),
        });
    assert_eq!(admitted.count(), 50);
}

/// What was given back can be taken again, and a full bucket gets no fuller.
pub async fn what_is_given_back_can_be_taken_again(subject: &Subject) {
    let bucket = [bucket("a", 2)];
    assert_eq!(admitted(subject, &bucket, 0, 3).await, 2);
    give_back(subject, &bucket).await;
    assert_eq!(admitted(subject, &bucket, 0, 3).await, 1);
    for _ in 0..5 {
        give_back(subject, &bucket).await;
    }
    assert_eq!(admitted(subject, &bucket, 0, 5).await, 2);
}

/// Giving back to a bucket that nothing was taken from changes nothing.
pub async fn an_untouched_bucket_takes_nothing_back(subject: &Subject) {
    let bucket = [bucket("a", 2)];
    give_back(subject, &bucket).await;
    assert_eq!(admitted(subject, &bucket, 0, 5).await, 2);
}

/// Buckets do not touch each other, odd names included.
pub async fn buckets_are_kept_apart(subject: &Subject) {
    for name in ["a", "A", "a:", "a b", "a\n", "{a}", "ä"] {
        assert_eq!(
            admitted(subject, &[bucket(name, 2)], 0, 3).await,
            2,
            "{name}"
        );
    }
}

/// Both ways lead to the same counts.
pub async fn the_count_is_shared(subject: &Subject) {
    let bucket = [bucket("a", 3)];
    assert_eq!(admitted(subject, &bucket, 0, 2).await, 2);
    let beside = subject.beside.take(&bucket, moment(0)).await;
    let beside = beside.unwrap_or_else(|error| panic!("{error}"));
    let expected = Left {
        remaining: 0,
        refilled_after: TimeDelta::seconds(20),
    };
    assert_eq!(beside, Admission::Admitted(vec![expected]));
    assert!(!take(subject, &bucket, 0).await.is_admitted());
}

/// A bucket that was counted against by a clock an hour ahead is empty, no more than that.
pub async fn a_clock_ahead_empties_a_bucket_at_most(subject: &Subject) {
    let bucket = [bucket("a", 3)];
    assert!(take(subject, &bucket, 3_600_000).await.is_admitted());
    assert_eq!(take(subject, &bucket, 0).await, refused(20_000));
}

/// No bucket, no limit.
pub async fn a_take_from_no_bucket_is_admitted(subject: &Subject) {
    assert_eq!(take(subject, &[], 0).await, Admission::Admitted(Vec::new()));
    give_back(subject, &[]).await;
}

fn bucket(name: &str, burst: u32) -> (BucketKey, Quota) {
    let per = TimeDelta::minutes(1);
    (BucketKey::new("contract", name), Quota { burst, per })
}

fn refused(millis: i64) -> Admission {
    let retry_after = TimeDelta::milliseconds(millis);
    let left = Left {
        remaining: 0,
        refilled_after: retry_after,
    };
    Admission::Refused {
        retry_after,
        left: vec![left],
    }
}

fn moment(millis: i64) -> Timestamp {
    let moment = Timestamp::from_timestamp_millis(1_763_719_200_000 + millis);
    moment.unwrap_or_else(|| panic!("no moment: {millis}"))
}

async fn take(subject: &Subject, buckets: &[(BucketKey, Quota)], millis: i64) -> Admission {
    let taken = subject.limiter.take(buckets, moment(millis)).await;
    taken.unwrap_or_else(|error| panic!("take: {error}"))
}

async fn give_back(subject: &Subject, buckets: &[(BucketKey, Quota)]) {
    let given = subject.limiter.give_back(buckets).await;
    given.unwrap_or_else(|error| panic!("give back: {error}"));
}

/// How many of so many takes in a row were admitted.
async fn admitted(
    subject: &Subject,
    buckets: &[(BucketKey, Quota)],
    millis: i64,
    takes: usize,
) -> usize {
    let mut admitted = 0;
    for _ in 0..takes {
        admitted += usize::from(take(subject, buckets, millis).await.is_admitted());
    }
    admitted
}

/// Runs each promise as a test of its own on the subject that the given async function makes.
#[macro_export]
macro_rules! limits_contract {
    ($subject:path) => {
        $crate::limits_contract!($subject:
            the_burst_is_admitted_at_once_and_then_one_an_interval,
            a_take_counts_against_all_buckets_or_none,
            the_wait_is_the_longest_of_all_empty_buckets,
            of_takes_at_once_exactly_the_burst_is_admitted,
            what_is_given_back_can_be_taken_again,
            an_untouched_bucket_takes_nothing_back,
            buckets_are_kept_apart,
            the_count_is_shared,
            a_clock_ahead_empties_a_bucket_at_most,
            a_take_from_no_bucket_is_admitted,
        );
    };
    ($subject:path: $($promise:ident,)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $promise() {
            $crate::contracts::limits::$promise(&$subject().await).await;
        })+
    };
}
