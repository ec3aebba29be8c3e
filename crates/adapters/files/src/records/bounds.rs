//! How much may wait, and for how long.

use std::time::{Duration, SystemTime};

/// What may wait on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of all that waits.
    pub bytes: u64,
    /// Once something has waited for so long there is no room for more until it is written; zero
    /// is no bound. It drops nothing: what waits goes on waiting.
    pub age: Duration,
}

impl From<u64> for Bounds {
    /// So many bytes, however old.
    fn from(bytes: u64) -> Self {
        let age = Duration::ZERO;
        Self { bytes, age }
    }
}

impl Bounds {
    /// Whether what waits since then has waited for too long. A clock that was set back makes
    /// nothing old.
    pub(crate) fn is_too_old(&self, since: SystemTime) -> bool {
        let waited = since.elapsed().unwrap_or_default();
        !self.age.is_zero() && waited >= self.age
    }
}
