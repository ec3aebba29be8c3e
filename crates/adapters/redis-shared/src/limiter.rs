//! Rate limits counted in Redis.

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Fault, PortError, PortResult, Timestamp};
use limits::{Admission, BucketKey, Quota, RateLimiter};
use redis::{Script, ScriptInvocation};

use crate::Redis;

const TAKE: &str = include_str!("limiter/take.lua");
const GIVE_BACK: &str = include_str!("limiter/give_back.lua");

/// Counts in Redis, for all servers that share it.
///
/// The time is the one the caller gives, not Redis' own, so that the rule is the same for every
/// limiter and its tests need not wait. Servers' clocks are kept together anyway; where one runs
/// ahead, the rule reads a time too far away as an empty bucket, and keys expire by Redis' own
/// clock, so nobody is locked out for longer than the quota's period.
pub struct RedisLimiter {
    redis: Redis,
    take: Script,
    give_back: Script,
}

impl RedisLimiter {
    /// Counts over this connection.
    pub fn new(redis: Redis) -> Self {
        Self {
            redis,
            take: Script::new(TAKE),
            give_back: Script::new(GIVE_BACK),
        }
    }

    /// The script on the keys of these buckets.
    fn on<'a>(&self, script: &'a Script, buckets: &[(BucketKey, Quota)]) -> ScriptInvocation<'a> {
        let mut invocation = script.prepare_invoke();
        for (key, _) in buckets {
            invocation.key(self.redis.key(key));
        }
        invocation
    }
}

#[async_trait]
impl RateLimiter for RedisLimiter {
    async fn take(&self, buckets: &[(BucketKey, Quota)], now: Timestamp) -> PortResult<Admission> {
        let what = "count a request in redis";
        let mut script = self.on(&self.take, buckets);
        script.arg(now.timestamp_micros());
        for (_, quota) in buckets {
            script.arg(micros(quota.interval()));
            script.arg(micros(quota.capacity()));
        }
        let script = &script;
        let ask = |mut manager| async move { script.invoke_async(&mut manager).await };
        let answer: Vec<i64> = self.redis.ask(what, ask).await?;
        understood(&answer, buckets, now)
            .ok_or_else(|| PortError::bare(Fault::Corrupt, "read the count in redis"))
    }

    async fn give_back(&self, buckets: &[(BucketKey, Quota)]) -> PortResult<()> {
        let mut script = self.on(&self.give_back, buckets);
        for (_, quota) in buckets {
            script.arg(micros(quota.interval()));
        }
        let script = &script;
        let ask = |mut manager| async move { script.invoke_async(&mut manager).await };
        self.redis.ask("give back to redis", ask).await
    }
}

fn understood(answer: &[i64], buckets: &[(BucketKey, Quota)], now: Timestamp) -> Option<Admission> {
    let (admitted, full_at) = answer.split_first()?;
    let full_at: Option<Vec<_>> = full_at
        .iter()
        .map(|micros| Timestamp::from_timestamp_micros(*micros))
        .collect();
    let full_at = full_at.filter(|full_at| full_at.len() == buckets.len())?;
    let quotas = buckets.iter().map(|(_, quota)| *quota);
    let after = quotas.zip(full_at.into_iter().map(Some));
    match admitted {
        1 => Some(Admission::admitted(after, now)),
        _ => Some(Admission::refused(after, now)),
    }
}

fn micros(span: TimeDelta) -> i64 {
    span.num_microseconds().unwrap_or(i64::MAX)
}
