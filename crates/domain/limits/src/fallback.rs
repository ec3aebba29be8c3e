//! What holds while the shared limiter is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use kernel::{PortError, PortResult, Timestamp};

use crate::{Admission, BucketKey, Quota, RateLimiter};

/// Asks one limiter, and another where the first fails. Requests in general are let through then
/// ([`crate::Unlimited`]): a limiter that is away must not take the service with it. Attempts to
/// sign in are counted in each process ([`crate::InProcessLimiter`]): nobody gets to guess
/// passwords by waiting for an outage.
pub struct Fallback {
    what: &'static str,
    first: Arc<dyn RateLimiter>,
    then: Arc<dyn RateLimiter>,
    failing: AtomicBool,
}

impl Fallback {
    /// `what` names what is limited in the log.
    pub fn new(
        what: &'static str,
        first: Arc<dyn RateLimiter>,
        then: Arc<dyn RateLimiter>,
    ) -> Self {
        let failing = AtomicBool::new(false);
        Self {
            what,
            first,
            then,
            failing,
        }
    }

    /// One line when it begins and one when it ends, whatever the number of requests.
    fn note<T>(&self, outcome: PortResult<T>) -> Option<T> {
        let failing = outcome.is_err();
        let failed_before = self.failing.swap(failing, Ordering::Relaxed);
        match outcome {
            Ok(value) => {
                if failed_before {
                    tracing::info!(limits = self.what, "the shared limiter counts again");
                }
                Some(value)
            }
            Err(error) => {
                if !failed_before {
                    self.warn(&error);
                }
                None
            }
        }
    }

    fn warn(&self, error: &PortError) {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(
            limits = self.what,
            error = %error,
            cause,
            "the shared limiter does not count; falling back"
        );
    }
}

#[async_trait]
impl RateLimiter for Fallback {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        match self.note(self.first.take(buckets, now).await) {
            Some(admission) => Ok(admission),
            None => self.then.take(buckets, now).await,
        }
    }

    /// Where the attempt was counted is not known after an outage; the second is asked only while
    /// the first fails.
    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()> {
        match self.note(self.first.give_back(buckets).await) {
            Some(()) => Ok(()),
            None => self.then.give_back(buckets).await,
        }
    }
}
