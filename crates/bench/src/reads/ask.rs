//! Times of answers.

use std::time::Duration;

/// How long answers to one call took on one system.
#[derive(Debug, Default)]
pub(super) struct Asked(Vec<Duration>);

impl Asked {
    /// The first round warms up and does not count.
    pub(super) fn note(&mut self, round: usize, time: Duration) {
        if round > 0 {
            self.0.push(time);
            self.0.sort_unstable();
        }
    }

    /// What this many of a hundred answers did not exceed, in milliseconds (nearest rank).
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100);
        let time = self.0.get(rank.saturating_sub(1));
        time.copied().unwrap_or_default().as_secs_f64() * 1000.0
    }
}
