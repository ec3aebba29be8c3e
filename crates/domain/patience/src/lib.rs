//! How long another system is put up with.
//!
//! A [`Breaker`] says when it is left alone for a while, a [`Backoff`] how long to wait before a call
//! is tried again. Both decide and wait for nothing: time and chance are arguments.

mod backoff;
mod breaker;

pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerRules, Standing};
