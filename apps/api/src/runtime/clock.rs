//! The real clock.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Timer, Timestamp, to_millis};

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_millis(std::time::SystemTime::now().into())
    }
}

/// Waits on the runtime's timer.
pub(crate) struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
