//! What several processes share in Redis.
//!
//! [`Redis`] is the connection: every call ends within its deadline, and after a call that did not,
//! or that found nobody, Redis is left alone for a moment, so that a request that needs several
//! calls waits once. [`RedisLimiter`] counts rate limits over it.

mod connection;
mod failure;
mod limiter;
mod settings;

pub use connection::{ConnectError, Redis};
pub use limiter::RedisLimiter;
pub use settings::RedisSettings;
