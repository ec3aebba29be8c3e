//! Time that never steps back.

use kernel::Timestamp;
use tokio::time::Instant;

/// Tells breakers the time: when the machine's clock is set back, nobody is left alone for longer.
#[derive(Debug, Clone, Copy)]
pub struct Uptime(Instant);

impl Uptime {
    /// Begins to count now.
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// How long ago that was, as a time after 1970.
    pub fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.0.elapsed()
    }
}
