//! What counts rate limits.

use std::sync::Arc;

use async_trait::async_trait;
use http_api::{Quotas, ReadinessCheck};
use kernel::{PortResult, Timestamp};
use limits::{Admission, BucketKey, Fallback, InProcessLimiter, Quota, RateLimiter, Unlimited};
use redis_shared::{ConnectError, Redis, RedisLimiter, RedisSettings};

use crate::settings::{Faults, RateSettings, Settings};

/// Connects to Redis where the settings name it.
pub(super) async fn redis(settings: &Settings) -> anyhow::Result<Option<Redis>> {
    let Some(url) = settings.rates.redis_url.clone() else {
        return Ok(None);
    };
    connected(RedisSettings::new(url)).await.map(Some)
}

/// Connects to this Redis.
pub(super) async fn connected(settings: RedisSettings) -> anyhow::Result<Redis> {
    let redis = Redis::connect(settings).await;
    redis.map_err(|error| match error {
        ConnectError::Url(_) => Faults::of("REDIS_URL", error).into(),
        error => anyhow::Error::from(error).context("REDIS_URL: redis cannot be used"),
    })
}

/// Counts requests; lets them through while Redis is away. Without Redis, each process counts.
pub(super) fn requests(redis: Option<&Redis>) -> Arc<dyn RateLimiter> {
    match redis {
        Some(redis) => Arc::new(Fallback::new("requests", over(redis), Arc::new(Unlimited))),
        None => Arc::new(InProcessLimiter::default()),
    }
}

/// Counts attempts to get in; goes on in this process while Redis is away. Apart from requests, so
/// that a flood of them does not push attempts out.
pub(super) fn attempts(redis: Option<&Redis>) -> Arc<dyn RateLimiter> {
    let in_process = Arc::new(InProcessLimiter::default());
    match redis {
        Some(redis) => Arc::new(Fallback::new("attempts", over(redis), in_process)),
        None => in_process,
    }
}

fn over(redis: &Redis) -> Arc<dyn RateLimiter> {
    Arc::new(Counted(RedisLimiter::new(redis.clone())))
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

    /// Limits have something to fall back to.
    fn is_vital(&self) -> bool {
        false
    }

    async fn check(&self) -> Result<(), String> {
        super::http::told(self.0.check().await)
    }
}
