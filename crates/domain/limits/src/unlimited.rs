//! No limit at all.

use async_trait::async_trait;
use kernel::{PortResult, Timestamp};

use crate::{Admission, BucketKey, Quota, RateLimiter};

/// Admits everything and counts nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlimited;

#[async_trait]
impl RateLimiter for Unlimited {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        let full = buckets.iter().map(|(_, quota)| (*quota, None));
        Ok(Admission::admitted(full, now))
    }

    async fn give_back(&self, _: &[(BucketKey, Quota)]) -> PortResult<()> {
        Ok(())
    }
}
