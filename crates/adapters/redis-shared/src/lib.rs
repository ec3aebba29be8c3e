//! What several processes share in Redis.
//!
//! [`Redis`] is the connection: every call ends within its deadline, and after a call that did not,
//! or that found nobody, Redis is left alone for a moment, so that a request that needs several
//! calls waits once. [`RedisLimiter`] counts rate limits over it, [`RedisContext`] tells the voice
//! tutors of all processes what is seen on desks, [`RedisPlaces`] counts conversations.

mod connection;
mod context;
mod examine;
mod failure;
mod limiter;
mod places;
mod settings;

pub use connection::{ConnectError, Redis};
pub use context::{ContextListener, RedisContext};
pub use limiter::RedisLimiter;
pub use places::RedisPlaces;
pub use settings::RedisSettings;
