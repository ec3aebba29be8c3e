//! How often something may be done: a [`Quota`] for each bucket, and the port that counts.
//!
//! The rule is the generic cell rate algorithm (ITU-T I.371): of a bucket nothing is kept but when
//! it will be full again. [`InProcessLimiter`] counts for a server of one process; an adapter that
//! several processes share counts by the same [`Quota::take`], or by a script that does the same.
//! [`Fallback`] says what holds while the shared one is away.

mod admission;
mod bucket;
mod fallback;
mod in_process;
mod port;
mod quota;
mod unlimited;

pub use admission::Admission;
pub use bucket::{BucketKey, network};
pub use fallback::Fallback;
pub use in_process::InProcessLimiter;
pub use port::RateLimiter;
pub use quota::{Left, Quota};
pub use unlimited::Unlimited;
