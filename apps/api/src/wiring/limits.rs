//! What counts rate limits.

use std::sync::Arc;

use async_trait::async_trait;
use http_api::{Quotas, ReadinessCheck};
use kernel::{PortResult, Timestamp};
use limits::{
    Admission, BucketKey, Fallback, InProcessLimiter, Quota, RateLimiter, Unlimited,
};
use redis_shared::{ConnectError, Redis, RedisLimiter, RedisSettings};

use crate::settings::{Faults, RateSettings};

/// The limiters of one process.
pub(super) struct Limiters {
    /// Counts requests; lets them through while Redis is away.
    pub(super) requests: Arc<dyn RateLimiter>,
    /// Counts attempts to get in; goes on in this process while Redis is away.
    pub(super) attempts: Arc<dyn RateLimiter>,
    /// What they share with other processes.
    pub(super) redis: Option<Redis>,
}

/// Connects to Redis where the settings name it; else all is counted in this process, attempts
/// apart, so that a flood of requests does not push them out.
pub(super) async fn open(settings: &RateSettings) -> anyhow::Result<Limiters> {
    let Some(url) = settings.redis_url.clone() else {
        return Ok(Limiters {
            requests: Arc::new(InProcessLimiter::default()),
            attempts: Arc::new(InProcessLimiter::default()),
            redis: None,
        });
    };
    let redis = Redis::connect(RedisSettings::new(url)).await;
    let redis = redis.map_err(|error| match error {
        ConnectError::Url(_) => Faults::of("REDIS_URL", error).into(),
        error => anyhow::Error::from(error).context("REDIS_URL: redis cannot be used"),
    })?;
    let shared = Arc::new(Counted(RedisLimiter::new(redis.clone())));
    let in_process = Arc::new(InProcessLimiter::default());
    Ok(Limiters {
        requests: Arc::new(Fallback::new("requests", shared.clone(), Arc::new(Unlimited))),
        attempts: Arc::new(Fallback::new("attempts", shared, in_process)),
        redis: Some(redis),
    })
}

/// How often somebody may ask.
pub(super) fn quotas(settings: &RateSettings) -> Quotas {
    Quotas {
        address: Quota::per_minute(settings.address_per_min),
        user: Quota::per_minute(settings.requests_per_min),
        analyses: Quota::per_minute(settings.analyses_per_min),
    }
}

/// Counts what Redis does not answer: `redis_limiter_failures_total`.
struct Counted(RedisLimiter);

#[async_trait]
impl RateLimiter for Counted {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        counted(self.0.take(buckets, now).await)
    }

    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()> {
        counted(self.0.give_back(buckets).await)
    }
}

fn counted<T>(outcome: PortResult<T>) -> PortResult<T> {
    outcome.inspect_err(|_| metrics::counter!("redis_limiter_failures_total").increment(1))
}

/// Whether Redis answers.
pub(super) struct RedisCheck(pub(super) Redis);

#[async_trait]
impl ReadinessCheck for RedisCheck {
    fn name(&self) -> &'static str {
        "redis"
    }

    async fn check(&self) -> Result<(), String> {
        super::http::told(self.0.check().await)
    }
}
