//! When a provider is left alone for a while.
//!
//! Closed, every request is admitted. Enough failures among the last answers open the breaker:
//! nobody is admitted for a pause. After it one request is admitted as a trial: if it goes well the
//! breaker closes, if not the next pause is twice as long.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::TimeDelta;
use kernel::Timestamp;

/// Outcomes that are remembered.
const REMEMBERED: usize = 20;

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRules {
    /// This many failures open it, if they are at least half of the outcomes remembered.
    pub failures: usize,
    /// Older outcomes do not count.
    pub window: Duration,
    /// The first pause; it doubles while trials fail.
    pub pause: Duration,
    /// The longest pause, also where a provider asks for more.
    pub longest_pause: Duration,
    /// A trial without outcome after so long is given up, and another one admitted.
    pub trial: Duration,
}

impl Default for BreakerRules {
    /// Five failures in 30 s; pauses of 5 s to 2 min; trials of 30 s.
    fn default() -> Self {
        Self {
            failures: 5,
            window: Duration::from_secs(30),
            pause: Duration::from_secs(5),
            longest_pause: Duration::from_mins(2),
            trial: Duration::from_secs(30),
        }
    }
}

/// How a provider stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is asked.
    Closed,
    /// It is left alone.
    Open,
    /// One request tries it.
    Trial,
}

/// Whether one provider is asked. Without a clock: the caller says what time it is.
#[derive(Debug)]
pub struct Breaker {
    rules: BreakerRules,
    state: State,
    pause: Duration,
}

#[derive(Debug)]
enum State {
    Closed { outcomes: VecDeque<Outcome> },
    Open { until: Timestamp },
    Trial { since: Timestamp },
}

#[derive(Debug)]
struct Outcome {
    at: Timestamp,
    failed: bool,
}

impl Breaker {
    /// A closed one.
    pub fn new(rules: BreakerRules) -> Self {
        Self {
            rules,
            state: State::closed(),
            pause: rules.pause,
        }
    }

    /// Whether a request may go out. A request that is admitted while the breaker is not closed is
    /// its trial.
    pub fn admit(&mut self, now: Timestamp) -> bool {
        let may_try = match &self.state {
            State::Closed { .. } => return true,
            State::Open { until } => now >= *until,
            State::Trial { since } => now >= *since + span(self.rules.trial),
        };
        if may_try {
            self.state = State::Trial { since: now };
        }
        may_try
    }

    /// Whether nobody may ask at this moment. Asking this does not begin a trial.
    pub fn refuses(&self, now: Timestamp) -> bool {
        matches!(&self.state, State::Open { until } if now < *until)
    }

    /// The provider answered.
    pub fn succeeded(&mut self, now: Timestamp) {
        if let State::Closed { .. } = self.state {
            self.note(now, false);
        } else {
            self.state = State::closed();
            self.pause = self.rules.pause;
        }
    }

    /// The provider did not answer, or asked to be left alone for `retry_after`, which opens the
    /// breaker at once.
    pub fn failed(&mut self, now: Timestamp, retry_after: Option<Duration>) {
        match (&self.state, retry_after) {
            (_, Some(wait)) => self.open(now, wait),
            (State::Closed { .. }, None) => {
                self.note(now, true);
                if self.is_too_much() {
                    self.open(now, self.rules.pause);
                }
            }
            (State::Trial { .. }, None) => {
                self.pause = (self.pause * 2).min(self.rules.longest_pause);
                self.open(now, self.pause);
            }
            // A request from before the breaker opened, or one that had nowhere else to go.
            (State::Open { .. }, None) => {}
        }
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        match self.state {
            State::Closed { .. } => Standing::Closed,
            State::Open { .. } => Standing::Open,
            State::Trial { .. } => Standing::Trial,
        }
    }

    fn note(&mut self, at: Timestamp, failed: bool) {
        let oldest = at - span(self.rules.window);
        if let State::Closed { outcomes } = &mut self.state {
            outcomes.retain(|outcome| outcome.at >= oldest);
            if outcomes.len() >= REMEMBERED.max(self.rules.failures) {
                outcomes.pop_front();
            }
            outcomes.push_back(Outcome { at, failed });
        }
    }

    fn is_too_much(&self) -> bool {
        let State::Closed { outcomes } = &self.state else {
            return false;
        };
        let failures = outcomes.iter().filter(|outcome| outcome.failed).count();
        failures >= self.rules.failures && failures * 2 >= outcomes.len()
    }

    fn open(&mut self, now: Timestamp, pause: Duration) {
        let pause = pause.min(self.rules.longest_pause);
        let until = now + span(pause);
        let until = match self.state {
            State::Open { until: known } => until.max(known),
            _ => until,
        };
        self.state = State::Open { until };
    }
}

impl State {
    fn closed() -> Self {
        Self::Closed {
            outcomes: VecDeque::new(),
        }
    }
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_763_719_200 + seconds, 0).unwrap()
    }

    fn breaker() -> Breaker {
        Breaker::new(BreakerRules::default())
    }

    /// Open since second 0.
    fn open() -> Breaker {
        let mut breaker = breaker();
        (0..5).for_each(|_| breaker.failed(at(0), None));
        breaker
    }

    #[test]
    fn the_fifth_failure_in_the_window_opens_it() {
        let mut breaker = breaker();
        (0..4).for_each(|_| breaker.failed(at(0), None));
        assert!(breaker.admit(at(1)));
        breaker.failed(at(1), None);
        assert!(!breaker.admit(at(1)));
        assert_eq!(breaker.standing(), Standing::Open);
    }

    #[test]
    fn failures_before_the_window_do_not_count() {
        let mut breaker = breaker();
        (0..4).for_each(|_| breaker.failed(at(0), None));
        breaker.failed(at(31), None);
        assert_eq!(breaker.standing(), Standing::Closed);
    }

    #[test]
    fn few_failures_among_many_successes_do_not_open_it() {
        let mut breaker = breaker();
        for second in 0..100 {
            if second % 3 == 0 {
                breaker.failed(at(second / 10), None);
            } else {
                breaker.succeeded(at(second / 10));
            }
        }
        assert_eq!(breaker.standing(), Standing::Closed);
    }

    #[test]
    fn after_the_pause_one_request_tries_it() {
        let mut breaker = open();
        assert!(!breaker.admit(at(4)));
        assert!(breaker.admit(at(5)));
        assert!(!breaker.admit(at(5)), "a second one beside the trial");
        assert_eq!(breaker.standing(), Standing::Trial);
    }

    #[test]
    fn a_trial_that_goes_well_closes_it_and_forgets() {
        let mut breaker = open();
        assert!(breaker.admit(at(5)));
        breaker.succeeded(at(6));
        (0..4).for_each(|_| breaker.failed(at(7), None));
        assert_eq!(breaker.standing(), Standing::Closed);
    }

    #[test]
    fn a_trial_that_fails_doubles_the_pause_up_to_the_longest() {
        let mut breaker = open();
        let mut now = 5;
        for pause in [10, 20, 40, 80, 120, 120] {
            assert!(breaker.admit(at(now)));
            breaker.failed(at(now), None);
            assert!(!breaker.admit(at(now + pause - 1)));
            now += pause;
        }
    }

    #[test]
    fn a_trial_that_never_ends_gives_way_to_another() {
        let mut breaker = open();
        assert!(breaker.admit(at(5)));
        assert!(!breaker.admit(at(34)));
        assert!(breaker.admit(at(35)));
    }

    #[test]
    fn a_provider_that_asks_for_a_pause_gets_it_at_once() {
        let mut breaker = breaker();
        breaker.failed(at(0), Some(Duration::from_mins(1)));
        assert!(!breaker.admit(at(59)));
        assert!(breaker.admit(at(60)));
        breaker.failed(at(60), Some(Duration::from_hours(9)));
        assert!(breaker.admit(at(180)), "longer than the longest pause");
    }

    #[test]
    fn late_failures_do_not_lengthen_the_pause() {
        let mut breaker = open();
        breaker.failed(at(4), None);
        assert!(breaker.admit(at(5)));
    }
}
