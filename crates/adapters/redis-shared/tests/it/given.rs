//! What the tests begin with.

use std::time::Duration;

use kernel::Timestamp;
use limits::{BucketKey, Quota};
use redis_shared::{Redis, RedisSettings};
use testkit::redis_server::{RedisServer, prefix};

/// Patient, so that a busy machine does not look like a Redis that is away.
pub(crate) fn settings(url: &str) -> RedisSettings {
    RedisSettings {
        prefix: prefix(),
        deadline: Duration::from_secs(30),
        connect_within: Duration::from_secs(30),
        ..RedisSettings::new(url.into())
    }
}

/// Short of patience, for a Redis that does not answer.
pub(crate) fn hasty(server: &RedisServer, rest: Duration) -> RedisSettings {
    RedisSettings {
        deadline: Duration::from_millis(200),
        rest,
        ..settings(&server.url())
    }
}

pub(crate) async fn connected(settings: RedisSettings) -> Redis {
    Redis::connect(settings).await.unwrap()
}

pub(crate) fn bucket(burst: u32) -> [(BucketKey, Quota); 1] {
    let quota = Quota::per_minute(burst).unwrap();
    [(BucketKey::new("test", "a"), quota)]
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap()
}
