//! What adapters share when they ask another system.
//!
//! A [`Guard`] stands before one system: each call ends within a deadline, one that may be made twice
//! is tried again after a wait, and a system that keeps failing is left alone for a while, so that
//! callers fail at once instead of piling up. Only [`kernel::Fault::Unavailable`] counts as failing:
//! every other fault is an answer. [`chance`] and [`Uptime`] are what its rules ask for, for adapters
//! whose client does part of this by itself.

mod chance;
mod guard;
mod uptime;

pub use chance::chance;
pub use guard::{CallRules, Guard};
pub use uptime::Uptime;
