//! What holds while the shared limiter is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Fault, PortError, PortResult, Timestamp};
use limits::{Admission, BucketKey, Fallback, InProcessLimiter, Quota, RateLimiter, Unlimited};

/// Counts in memory, unless it is away.
#[derive(Default)]
struct Shared {
    limiter: InProcessLimiter,
    is_away: AtomicBool,
}

impl Shared {
    fn reached(&self) -> PortResult<&InProcessLimiter> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(PortError::bare(Fault::Unavailable, "count"));
        }
        Ok(&self.limiter)
    }
}

#[async_trait]
impl RateLimiter for Shared {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        self.reached()?.take(buckets, now).await
    }

    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()> {
        self.reached()?.give_back(buckets).await
    }
}

fn buckets() -> [(BucketKey, Quota); 1] {
    let per = TimeDelta::minutes(1);
    [(BucketKey::new("test", 1), Quota { burst: 2, per })]
}

async fn of_three(limiter: &Fallback) -> usize {
    let now = Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap();
    let mut admitted = 0;
    for _ in 0..3 {
        let admission = limiter.take(&buckets(), now).await.unwrap();
        admitted += usize::from(admission.is_admitted());
    }
    admitted
}

#[tokio::test]
async fn while_the_first_is_there_the_second_is_not_asked() {
    let limiter = Fallback::new("test", Arc::new(Shared::default()), Arc::new(Unlimited));
    assert_eq!(of_three(&limiter).await, 2);
}

#[tokio::test]
async fn requests_in_general_pass_while_the_first_is_away() {
    let shared = Arc::new(Shared::default());
    shared.is_away.store(true, Ordering::Relaxed);
    let limiter = Fallback::new("test", shared.clone(), Arc::new(Unlimited));
    assert_eq!(of_three(&limiter).await, 3);
    shared.is_away.store(false, Ordering::Relaxed);
    assert_eq!(of_three(&limiter).await, 2);
}

#[tokio::test]
async fn attempts_are_counted_in_the_process_while_the_first_is_away() {
    let shared = Arc::new(Shared::default());
    shared.is_away.store(true, Ordering::Relaxed);
    let limiter = Fallback::new("test", shared, Arc::new(InProcessLimiter::default()));
    assert_eq!(of_three(&limiter).await, 2);
    limiter.give_back(&buckets()).await.unwrap();
    assert_eq!(of_three(&limiter).await, 1);
}
