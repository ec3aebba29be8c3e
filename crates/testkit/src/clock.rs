//! A clock that moves only when told to.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use kernel::{Clock, Timestamp};

/// Stands at a moment until it is set or advanced.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at an RFC 3339 moment.
    ///
    /// # Panics
    /// When the text is no such moment.
    pub fn at(text: &str) -> Self {
        let at: Timestamp = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        Self(AtomicI64::new(at.timestamp_millis()))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Puts the clock at a moment.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}
