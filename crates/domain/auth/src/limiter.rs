//! Attempts counted in this process alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{PortResult, Timestamp};

use crate::attempts::{Admission, Attempt, AttemptLimiter, BucketKey};

/// Buckets in memory; when there would be more, the ones that are full again soonest go.
const MAX_BUCKETS: usize = 100_000;

/// Counts attempts in memory, for a server of one process.
#[derive(Debug, Default)]
pub struct InProcessLimiter {
    /// When each bucket is full again.
    free_at: Mutex<HashMap<BucketKey, Timestamp>>,
}

#[async_trait]
impl AttemptLimiter for InProcessLimiter {
    async fn admit(&self, attempt: &Attempt, now: Timestamp) -> PortResult<Admission> {
        let mut free_at = self.lock();
        let mut taken = Vec::new();
        let mut longest = TimeDelta::zero();
        for (key, quota) in attempt.buckets() {
            match quota.take(free_at.get(&key).copied(), now) {
                Ok(next) => taken.push((key, next)),
                Err(wait) => longest = longest.max(wait),
            }
        }
        if longest > TimeDelta::zero() {
            return Ok(Admission::Wait(longest));
        }
        make_room(&mut free_at, now);
        free_at.extend(taken);
        Ok(Admission::Admitted)
    }

    async fn forgive(&self, attempt: &Attempt) -> PortResult<()> {
        let mut free_at = self.lock();
        for (key, quota) in attempt.buckets() {
            if let Some(at) = free_at.get_mut(&key) {
                *at -= quota.interval();
            }
        }
        Ok(())
    }
}

impl InProcessLimiter {
    fn lock(&self) -> MutexGuard<'_, HashMap<BucketKey, Timestamp>> {
        self.free_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Amortized: a look at all buckets happens once per half of them.
fn make_room(free_at: &mut HashMap<BucketKey, Timestamp>, now: Timestamp) {
    if free_at.len() < MAX_BUCKETS {
        return;
    }
    free_at.retain(|_, at| *at > now);
    if free_at.len() >= MAX_BUCKETS / 2 {
        let mut times: Vec<_> = free_at.values().copied().collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        free_at.retain(|_, at| *at > median);
    }
}
