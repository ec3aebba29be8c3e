//! The waits between the attempts of one call.

use std::time::Duration;

/// Parts of a thousand a wait is shortened by at most, so that callers who failed together do not
/// come back together.
const MOST_SPREAD: u32 = 250;

/// How often a call is tried again, and how long is waited before each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Attempts after the first one.
    pub retries: u32,
    /// The wait before the first of them; it doubles each time.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Backoff {
    /// For calls that must not be made twice.
    pub const NEVER: Self = Self {
        retries: 0,
        first: Duration::ZERO,
        longest: Duration::ZERO,
    };

    /// How long to wait after this many retries; `None` if that was the last one. Up to a quarter
    /// shorter, as `chance` has it.
    pub fn wait(&self, retries: u32, chance: u32) -> Option<Duration> {
        if retries >= self.retries {
            return None;
        }
        let doubled = 2_u32.checked_pow(retries).unwrap_or(u32::MAX);
        let full = self.first.saturating_mul(doubled).min(self.longest);
        Some(full * (1000 - chance % (MOST_SPREAD + 1)) / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        retries: 4,
        first: Duration::from_millis(500),
        longest: Duration::from_secs(3),
    };

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_the_longest_and_then_it_is_over() {
        let waits = (0..6).map(|retries| BACKOFF.wait(retries, 0));
        let waits: Vec<_> = waits.map(|wait| wait.map(|w| w.as_millis())).collect();
        let expected = [Some(500), Some(1000), Some(2000), Some(3000), None, None];
        assert_eq!(waits, expected);
        assert_eq!(Backoff::NEVER.wait(0, 0), None);
    }

    #[test]
    fn chance_shortens_by_a_quarter_at_most() {
        for chance in [0, 1, 250, 251, 999, u32::MAX] {
            let wait = BACKOFF.wait(0, chance).unwrap().as_millis();
            assert!((375..=500).contains(&wait), "{chance}: {wait}");
        }
    }
}
