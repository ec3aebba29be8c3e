//! When a failed job is tried again.

use std::time::Duration;

use kernel::JobId;

use crate::job::Reason;

/// What may come after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It can never succeed.
    Never,
    /// By the rule of its kind.
    Usual,
    /// By the rule of its kind, but not before so long has passed.
    NotBefore(Duration),
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// What may come after it.
    pub again: Again,
}

impl Failure {
    /// A failure that may be gone at the next attempt.
    pub const fn passing(reason: Reason) -> Self {
        Self {
            reason,
            again: Again::Usual,
        }
    }

    /// A failure for good.
    pub const fn lasting(reason: Reason) -> Self {
        Self {
            reason,
            again: Again::Never,
        }
    }
}

/// How often a kind of job is tried, and how long is waited between attempts: `first`, twice that,
/// four times that, at most `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts in all, those of workers that died included.
    pub attempts: u32,
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Retries {
    /// Eight attempts over about four minutes.
    fn default() -> Self {
        Self {
            attempts: 8,
            first: Duration::from_secs(2),
            longest: Duration::from_mins(5),
        }
    }
}

impl Retries {
    /// How long to wait after this attempt (from 1) of this job; `None` after the last one. Jobs
    /// that failed together do not come back together: up to a quarter is taken off, by their ids.
    pub fn wait(&self, attempt: u32, job: JobId) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let doublings = attempt.saturating_sub(1).min(31);
        let full = self.first.saturating_mul(1 << doublings).min(self.longest);
        let share = job.uuid().as_u128().wrapping_mul(u128::from(attempt) | 1) % 256;
        let share = u32::try_from(share).unwrap_or_default();
        Some(full.saturating_sub(full / 1024 * share))
    }

    /// How long to wait after this failure; `None` when the job has failed.
    pub fn after(&self, failure: &Failure, attempt: u32, job: JobId) -> Option<Duration> {
        let usual = self.wait(attempt, job);
        match failure.again {
            Again::Never => None,
            Again::Usual => usual,
            Again::NotBefore(least) => usual.map(|usual| usual.max(least)),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn job(number: u128) -> JobId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end_with_the_last_attempt() {
        let retries = Retries {
            attempts: 5,
            first: Duration::from_secs(2),
            longest: Duration::from_secs(10),
        };
        let waits: Vec<_> = (1..=5).map(|n| retries.wait(n, job(0))).collect();
        let seconds = |s| Some(Duration::from_secs(s));
        assert_eq!(
            waits,
            [seconds(2), seconds(4), seconds(8), seconds(10), None]
        );
    }

    #[test]
    fn at_most_a_quarter_is_taken_off_and_not_from_all_the_same() {
        let retries = Retries::default();
        let waits: Vec<_> = (0..256).map(|n| retries.wait(1, job(n)).unwrap()).collect();
        let full = retries.first;
        assert!(
            waits
                .iter()
                .all(|wait| *wait <= full && *wait >= full * 3 / 4)
        );
        assert!(
            waits
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len()
                > 200
        );
    }

    #[test]
    fn what_can_never_succeed_is_not_tried_again_and_a_pause_asked_for_is_kept() {
        let retries = Retries::default();
        let reason = || Reason::new("r", "");
        assert_eq!(retries.after(&Failure::lasting(reason()), 1, job(0)), None);
        let asked = Duration::from_mins(1);
        let limited = Failure {
            reason: reason(),
            again: Again::NotBefore(asked),
        };
        assert_eq!(retries.after(&limited, 1, job(0)), Some(asked));
        assert_eq!(retries.after(&limited, 8, job(0)), None);
    }

    #[test]
    fn many_attempts_do_not_overflow() {
        let retries = Retries {
            attempts: u32::MAX,
            ..Retries::default()
        };
        assert_eq!(retries.wait(1000, job(0)), Some(retries.longest));
    }
}
