//! What stands before a system that is asked.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{Fault, PortError, PortResult};
use patience::{Backoff, Breaker, BreakerRules, Standing};
use tokio::time::{Instant, sleep, timeout_at};

use crate::chance::chance;
use crate::uptime::Uptime;

/// A call given up by its caller counts as failed once it has taken this part of its time.
const GIVEN_UP_PART: u32 = 8;

/// How one system is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRules {
    /// How long a call may take, all its attempts together.
    pub within: Duration,
    /// How calls that may be made twice are tried again.
    pub retries: Backoff,
    /// When the system is left alone.
    pub breaker: BreakerRules,
}

/// Stands before one system.
#[derive(Debug)]
pub struct Guard {
    system: &'static str,
    rules: CallRules,
    breaker: Mutex<Breaker>,
    uptime: Uptime,
}

impl Guard {
    /// `system` names it in logs and in `breaker_state{system}`: 0 is asked, 1 is tried, 2 is left
    /// alone.
    pub fn new(system: &'static str, rules: CallRules) -> Self {
        tell(system, Standing::Closed);
        Self {
            system,
            rules,
            breaker: Mutex::new(Breaker::new(rules.breaker)),
            uptime: Uptime::begin(),
        }
    }

    /// Makes a call once.
    ///
    /// # Errors
    /// The call's own; `Unavailable` when it takes too long, or at once while the system is left
    /// alone.
    pub async fn once<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = PortResult<T>>,
    ) -> PortResult<T> {
        self.attempt(what, Instant::now() + self.rules.within, call)
            .await
    }

    /// Makes a call that may be made twice: while it is unavailable it is tried again, as long as
    /// there is time.
    ///
    /// # Errors
    /// As [`Self::once`], of the last attempt.
    pub async fn repeating<T, F>(
        &self,
        what: &'static str,
        mut call: impl FnMut() -> F,
    ) -> PortResult<T>
    where
        F: Future<Output = PortResult<T>>,
    {
        let (until, mut retries) = (Instant::now() + self.rules.within, 0);
        loop {
            let outcome = self.attempt(what, until, call()).await;
            let wait = self.rules.retries.wait(retries, chance());
            let in_time = |wait: &Duration| Instant::now() + *wait < until;
            match (outcome, wait.filter(in_time)) {
                (Err(error), Some(wait)) if is_away(&error) && !self.is_left_alone() => {
                    tracing::debug!(system = self.system, error = %error, "asked again");
                    sleep(wait).await;
                    retries += 1;
                }
                (outcome, _) => return outcome,
            }
        }
    }

    fn is_left_alone(&self) -> bool {
        self.standing() == Standing::Open
    }

    /// Fails while the system is left alone. For calls whose outcome is not heard here.
    ///
    /// # Errors
    /// `Unavailable`.
    pub fn refuse_while_left_alone(&self, what: &'static str) -> PortResult<()> {
        let now = self.uptime.now();
        if self.breaker().refuses(now) {
            return Err(left_alone(what));
        }
        Ok(())
    }

    /// How the system stands.
    pub fn standing(&self) -> Standing {
        self.breaker().standing()
    }

    async fn attempt<T>(
        &self,
        what: &'static str,
        until: Instant,
        call: impl Future<Output = PortResult<T>>,
    ) -> PortResult<T> {
        if !self.changing(|breaker| breaker.admit(self.uptime.now())) {
            return Err(left_alone(what));
        }
        let mut running = Running {
            guard: self,
            begun: Instant::now(),
            heard: false,
        };
        let in_time = timeout_at(until, call).await;
        let outcome =
            in_time.unwrap_or_else(|late| Err(PortError::new(Fault::Unavailable, what, late)));
        running.heard = true;
        match &outcome {
            Err(error) if is_away(error) => self.failed(),
            _ => self.changing(|breaker| breaker.succeeded(self.uptime.now())),
        }
        outcome
    }

    fn failed(&self) {
        self.changing(|breaker| breaker.failed(self.uptime.now(), None));
    }

    /// Tells of it if the breaker stands otherwise afterwards.
    fn changing<T>(&self, change: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breaker = self.breaker();
        let before = breaker.standing();
        let told = change(&mut breaker);
        let after = breaker.standing();
        drop(breaker);
        if before != after {
            tracing::warn!(system = self.system, ?before, ?after, "breaker");
            tell(self.system, after);
        }
        told
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call whose outcome may never be heard, for its caller may give it up.
struct Running<'a> {
    guard: &'a Guard,
    begun: Instant,
    heard: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let patience = self.guard.rules.within / GIVEN_UP_PART;
        if !self.heard && self.begun.elapsed() >= patience {
            self.guard.failed();
        }
    }
}

fn is_away(error: &PortError) -> bool {
    error.fault() == Fault::Unavailable
}

fn left_alone(what: &'static str) -> PortError {
    PortError::new(
        Fault::Unavailable,
        what,
        "left alone for a moment: it kept failing",
    )
}

fn tell(system: &'static str, standing: Standing) {
    let state = match standing {
        Standing::Closed => 0.0,
        Standing::Trial => 1.0,
        Standing::Open => 2.0,
    };
    metrics::gauge!("breaker_state", "system" => system).set(state);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::pending;

    use super::*;

    const RULES: CallRules = CallRules {
        within: Duration::from_secs(8),
        retries: Backoff {
            retries: 2,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(1),
        },
        breaker: BreakerRules {
            failures: 3,
            window: Duration::from_mins(1),
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(10),
            trial: Duration::from_secs(5),
        },
    };

    fn guard() -> Guard {
        Guard::new("test", RULES)
    }

    fn away() -> PortError {
        PortError::bare(Fault::Unavailable, "away")
    }

    /// Fails as often as said, then answers; gives the outcome and how often it was asked.
    async fn asked(guard: &Guard, failures: u32, fault: Fault) -> (PortResult<u32>, u32) {
        let asked = Cell::new(0);
        let call = || async {
            asked.set(asked.get() + 1);
            if asked.get() <= failures {
                return Err(PortError::bare(fault, "fails"));
            }
            Ok(asked.get())
        };
        (guard.repeating("ask", call).await, asked.get())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_away_is_asked_again_and_what_answers_is_not() {
        assert_eq!(asked(&guard(), 2, Fault::Unavailable).await.0.unwrap(), 3);
        let (refused, times) = asked(&guard(), 9, Fault::Refused).await;
        assert_eq!((refused.unwrap_err().fault(), times), (Fault::Refused, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_with_the_deadline_and_is_not_asked_again() {
        let begun = Instant::now();
        let guard = guard();
        let silent = guard.repeating("ask", pending::<PortResult<()>>);
        assert_eq!(silent.await.unwrap_err().fault(), Fault::Unavailable);
        assert_eq!(begun.elapsed(), RULES.within);
    }

    #[tokio::test(start_paused = true)]
    async fn who_keeps_failing_is_left_alone_until_a_trial_goes_well() {
        let guard = guard();
        for _ in 0..3 {
            guard
                .once("ask", async { Err::<(), _>(away()) })
                .await
                .unwrap_err();
        }
        assert_eq!(guard.standing(), Standing::Open);
        assert!(guard.refuse_while_left_alone("ask").is_err());
        guard.once("ask", async { Ok(()) }).await.unwrap_err();
        sleep(Duration::from_secs(1)).await;
        assert!(guard.refuse_while_left_alone("ask").is_ok());
        guard.once("ask", async { Ok(()) }).await.unwrap();
        assert_eq!(guard.standing(), Standing::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_given_up_after_long_counts_as_failed_and_one_given_up_soon_does_not() {
        let guard = guard();
        for (patience, stands) in [(999, Standing::Closed), (1000, Standing::Open)] {
            for _ in 0..3 {
                let silent = guard.once("ask", pending::<PortResult<()>>());
                let given_up = tokio::time::timeout(Duration::from_millis(patience), silent);
                given_up.await.unwrap_err();
            }
            assert_eq!(guard.standing(), stands, "{patience}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_are_faults_keep_it_closed() {
        let guard = guard();
        for fault in [Fault::Full, Fault::Refused, Fault::Conflict, Fault::Corrupt] {
            asked(&guard, 9, fault).await.0.unwrap_err();
        }
        assert_eq!(guard.standing(), Standing::Closed);
    }
}
