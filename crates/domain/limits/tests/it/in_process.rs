//! The limiter in memory.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::Timestamp;
use limits::{BucketKey, InProcessLimiter, Quota, RateLimiter};
use testkit::contracts::limits::Subject;

async fn in_process() -> Subject {
    let limiter: Arc<dyn RateLimiter> = Arc::new(InProcessLimiter::default());
    Subject {
        beside: limiter.clone(),
        limiter,
        guard: Box::new(()),
    }
}

testkit::limits_contract!(in_process);

#[tokio::test]
async fn more_buckets_than_fit_do_not_stop_anybody() {
    let limiter = InProcessLimiter::default();
    let per = TimeDelta::minutes(15);
    let quota = Quota { burst: 5, per };
    let at = |n: i64| Timestamp::from_timestamp_millis(1_763_719_200_000 + n).unwrap();
    for n in 0..110_000 {
        let bucket = (BucketKey::new("test", n), quota);
        limiter.take(&[bucket], at(n)).await.unwrap();
    }
    let last = (BucketKey::new("test", "last"), quota);
    let admission = limiter.take(&[last], at(110_000)).await.unwrap();
    assert!(admission.is_admitted());
}
