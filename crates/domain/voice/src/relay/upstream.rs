//! The session with the model: opening it, losing it, renewing it.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::ReconnectRules;
use crate::relay::delta;

const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(5);

/// Where the session with the model stands.
pub(crate) struct Upstream {
    state: State,
    rules: ReconnectRules,
    /// When it was last in order; attempts are given up so long after.
    trouble_since: Timestamp,
    attempts: u32,
    /// 0 to 255, spreads the attempts of many conversations that lost the same model.
    jitter: u8,
    /// Counts sessions: what belongs to one means nothing to the next.
    connection: u32,
    was_live: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The next attempt begins then.
    Waiting(Timestamp),
    /// An attempt is under way since then.
    Opening(Timestamp),
    /// Configured, not confirmed; since when the attempt is under way, and when it will end.
    Configuring(Timestamp, Timestamp),
    /// It listens.
    Live { born: Timestamp, dies: Timestamp },
}

/// What to do after a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    TryAgain,
    GiveUp,
}

/// How near the end of the model's session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    Young,
    /// Renew at a quiet moment.
    Old,
    /// Renew as soon as nobody speaks.
    Dying,
}

impl Upstream {
    pub(crate) const fn new(rules: ReconnectRules, jitter: u8, now: Timestamp) -> Self {
        Self {
            state: State::Waiting(now),
            rules,
            trouble_since: now,
            attempts: 0,
            jitter,
            connection: 0,
            was_live: false,
        }
    }

    pub(crate) const fn connection(&self) -> u32 {
        self.connection
    }

    pub(crate) const fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    /// Whether a socket is open or being opened.
    pub(crate) const fn is_open(&self) -> bool {
        !matches!(self.state, State::Waiting(_))
    }

    pub(crate) const fn was_live(&self) -> bool {
        self.was_live
    }

    /// Whether an attempt is to begin now; it counts as begun.
    pub(crate) fn begins(&mut self, now: Timestamp) -> bool {
        let begins = matches!(self.state, State::Waiting(at) if at <= now);
        if begins {
            self.state = State::Opening(now);
            self.connection += 1;
        }
        begins
    }

    /// The model has accepted key and name.
    pub(crate) fn created(&mut self, expires_at: Option<Timestamp>, now: Timestamp) {
        let State::Opening(since) = self.state else {
            return;
        };
        let dies = expires_at.unwrap_or_else(|| now + delta(self.rules.assumed_life));
        self.state = State::Configuring(since, dies);
    }

    /// The model has taken its settings. Returns whether it became ready by that.
    pub(crate) fn configured(&mut self, now: Timestamp) -> bool {
        let State::Configuring(_, dies) = self.state else {
            return false;
        };
        self.state = State::Live { born: now, dies };
        self.attempts = 0;
        self.was_live = true;
        true
    }

    /// The session is lost, or an attempt failed.
    pub(crate) fn lost(&mut self, now: Timestamp) -> Next {
        if self.is_live() {
            self.trouble_since = now;
        }
        if now - self.trouble_since >= delta(self.rules.give_up_after) {
            return Next::GiveUp;
        }
        let wait = self.wait();
        self.attempts += 1;
        self.state = State::Waiting(now + wait);
        Next::TryAgain
    }

    /// The session is given up for a new one.
    pub(crate) const fn renew(&mut self, now: Timestamp) {
        self.trouble_since = now;
        self.attempts = 0;
        self.state = State::Waiting(now);
    }

    /// The first wait after a loss is short, whatever the jitter; each further one twice as long.
    fn wait(&self) -> TimeDelta {
        let doubled = delta(self.rules.first_wait) * (1 << self.attempts.min(8));
        let wait = doubled.min(LONGEST_WAIT);
        wait * (768 + i32::from(self.jitter)) / 1024
    }

    /// All attempts together took too long.
    pub(crate) fn is_hopeless(&self, now: Timestamp) -> bool {
        !self.is_live() && self.hopeless_at() <= now
    }

    /// When attempts are given up.
    pub(crate) fn hopeless_at(&self) -> Timestamp {
        self.trouble_since + delta(self.rules.give_up_after)
    }

    /// An attempt takes too long.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.attempt_ends().is_some_and(|at| at <= now)
    }

    fn attempt_ends(&self) -> Option<Timestamp> {
        match self.state {
            State::Opening(since) | State::Configuring(since, _) => {
                Some(since + delta(self.rules.attempt_within))
            }
            State::Waiting(_) | State::Live { .. } => None,
        }
    }

    pub(crate) fn age(&self, now: Timestamp) -> Age {
        match self.renewals() {
            Some((_, dying)) if dying <= now => Age::Dying,
            Some((old, _)) if old <= now => Age::Old,
            _ => Age::Young,
        }
    }

    /// When the session is old, and when it is dying.
    fn renewals(&self) -> Option<(Timestamp, Timestamp)> {
        let State::Live { born, dies } = self.state else {
            return None;
        };
        let margin = delta(self.rules.renew_before).min((dies - born) / 4);
        Some((dies - margin, dies - margin / 4))
    }

    /// When time alone changes something.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Timestamp> {
        match self.state {
            State::Waiting(at) => Some(at),
            State::Opening(_) | State::Configuring(..) => self.attempt_ends(),
            State::Live { .. } => {
                let (old, dying) = self.renewals()?;
                [old, dying].into_iter().find(|at| *at > now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    fn live(expires: Option<i64>) -> Upstream {
        let mut upstream = Upstream::new(ReconnectRules::default(), 0, at(0));
        assert!(upstream.begins(at(0)));
        upstream.created(expires.map(at), at(0));
        assert!(upstream.configured(at(0)));
        upstream
    }

    #[test]
    fn attempts_wait_longer_and_longer_and_end_after_thirty_seconds() {
        let mut upstream = live(None);
        let (mut now, mut waits) = (at(0), Vec::new());
        while upstream.lost(now) == Next::TryAgain {
            let next = upstream.due(now).unwrap();
            waits.push((next - now).num_milliseconds());
            now = next;
            assert!(upstream.begins(now));
        }
        assert!(waits.is_sorted() && waits[0] < 250 && *waits.last().unwrap() > 3_000);
        assert!((30_000..36_000).contains(&now.timestamp_millis()), "{now}");
    }

    #[test]
    fn a_session_is_renewed_five_minutes_before_its_end() {
        let hour = live(Some(3_600_000));
        assert_eq!(hour.age(at(3_299_999)), Age::Young);
        assert_eq!(hour.age(at(3_300_000)), Age::Old);
        assert_eq!(hour.due(at(0)), Some(at(3_300_000)));
    }

    #[test]
    fn a_short_session_is_renewed_in_its_last_quarter() {
        let minute = live(Some(60_000));
        assert_eq!(minute.age(at(44_999)), Age::Young);
        assert_eq!(minute.age(at(45_000)), Age::Old);
        assert_eq!(minute.age(at(56_250)), Age::Dying);
    }

    #[test]
    fn a_confirmation_that_nobody_waits_for_is_nothing() {
        assert!(!live(None).configured(at(5)));
    }
}
