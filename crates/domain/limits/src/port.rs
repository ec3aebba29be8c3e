//! The port.

use async_trait::async_trait;
use kernel::{PortResult, Timestamp};

use crate::{Admission, BucketKey, Quota};

/// Counts what is done against buckets.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one against all of these buckets, each named once, or against none when one of them
    /// is empty. Atomic: of takes side by side no more are admitted than of takes in a row.
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission>;

    /// Takes one back that should not count. A bucket gets no fuller than full.
    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()>;
}
