//! Counted in this process alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::{PortResult, Timestamp};

use crate::{Admission, BucketKey, Quota, RateLimiter};

/// Buckets in memory; when there would be more, the ones that are full again soonest go.
const MAX_BUCKETS: usize = 100_000;

/// Counts in memory, for a server of one process.
#[derive(Debug, Default)]
pub struct InProcessLimiter {
    /// When each bucket is full again.
    free_at: Mutex<HashMap<BucketKey, Timestamp>>,
}

#[async_trait]
impl RateLimiter for InProcessLimiter {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        let mut free_at = self.lock();
        let next = buckets.iter().map(|(key, quota)| {
            let next = quota.take(free_at.get(key).copied(), now).ok()?;
            Some((key.clone(), next))
        });
        let taken: Option<Vec<_>> = next.collect();
        if let Some(taken) = &taken {
            make_room(&mut free_at, now);
            free_at.extend(taken.iter().cloned());
        }
        let after = buckets
            .iter()
            .map(|(key, quota)| (*quota, free_at.get(key).copied()));
        Ok(if taken.is_some() {
            Admission::admitted(after, now)
        } else {
            Admission::refused(after, now)
        })
    }

    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()> {
        let mut free_at = self.lock();
        for (key, quota) in buckets {
            if let Some(at) = free_at.get_mut(key) {
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
