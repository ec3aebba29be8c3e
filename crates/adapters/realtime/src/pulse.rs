//! Signs of life: kept at every frame, looked at when an alarm rings.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Patience with a peer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Until it lets us in, from when the socket is open.
    pub(crate) welcome_by: Instant,
    /// Silence until it is asked.
    pub(crate) ping_after: Duration,
    /// Silence, or taking nothing, until it counts as dead.
    pub(crate) dead_after: Duration,
    /// From our good-bye to its own.
    pub(crate) close_timeout: Duration,
}

/// What the alarm rings for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// The peer is to be asked for a sign of life.
    Ping,
    /// Patience has ended.
    Over(Overdue),
}

/// What a dead peer owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Overdue {
    #[error("the model did not open a session in time")]
    Welcome,
    #[error("no sign of life for {} s", .0.as_secs())]
    Life(Duration),
    #[error("nothing was read for {} s", .0.as_secs())]
    Reading(Duration),
    #[error("the close was not answered in time")]
    GoodBye,
}

#[derive(Debug)]
pub(crate) struct Pulse {
    patience: Patience,
    heard_at: Instant,
    asked: bool,
    welcomed: bool,
    stuck_since: Option<Instant>,
    closing_since: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
}

impl Pulse {
    pub(crate) fn new(now: Instant, patience: Patience) -> Self {
        let first = patience.welcome_by.min(now + patience.ping_after);
        Self {
            patience,
            heard_at: now,
            asked: false,
            welcomed: false,
            stuck_since: None,
            closing_since: None,
            alarm: Box::pin(sleep_until(first)),
        }
    }

    /// Anything came.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard_at = now;
        if std::mem::take(&mut self.asked) {
            // Until now the alarm waited for the end of patience.
            self.ring_by(now + self.patience.ping_after);
        }
    }

    pub(crate) fn welcomed(&mut self) {
        self.welcomed = true;
    }

    /// The peer takes nothing more for now.
    pub(crate) fn stuck(&mut self, now: Instant) {
        if self.stuck_since.is_none() {
            self.stuck_since = Some(now);
            self.ring_by(now + self.patience.dead_after);
        }
    }

    pub(crate) fn unstuck(&mut self) {
        self.stuck_since = None;
    }

    pub(crate) fn closing(&mut self, now: Instant) {
        self.closing_since = Some(now);
        self.ring_by(now + self.patience.close_timeout);
    }

    fn ring_by(&mut self, at: Instant) {
        if at < self.alarm.deadline() {
            self.alarm.as_mut().reset(at);
        }
    }

    /// Ready when something is due.
    pub(crate) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<Due> {
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            let now = Instant::now();
            let (at, due) = self.next(now);
            self.alarm.as_mut().reset(at.max(now));
            if at <= now {
                self.asked |= due == Due::Ping;
                return Poll::Ready(due);
            }
        }
    }

    /// What is due first, and when.
    fn next(&self, now: Instant) -> (Instant, Due) {
        let Patience {
            welcome_by,
            ping_after,
            dead_after,
            close_timeout,
        } = self.patience;
        let over = |at, overdue| (at, Due::Over(overdue));
        let ping = (!self.asked).then_some((self.heard_at + ping_after, Due::Ping));
        let welcome = (!self.welcomed).then_some(over(welcome_by, Overdue::Welcome));
        let life = over(
            self.heard_at + dead_after,
            Overdue::Life(now - self.heard_at),
        );
        let reading = self
            .stuck_since
            .map(|since| over(since + dead_after, Overdue::Reading(now - since)));
        let good_bye = self
            .closing_since
            .map(|since| over(since + close_timeout, Overdue::GoodBye));
        let others = [ping, welcome, reading, good_bye].into_iter().flatten();
        others.fold(
            life,
            |first, other| if other.0 < first.0 { other } else { first },
        )
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// With a virtual clock, seconds since the socket was opened.
    struct Given {
        pulse: Pulse,
        opened: Instant,
    }

    fn given() -> Given {
        let opened = Instant::now();
        let patience = Patience {
            welcome_by: opened + 10 * SECOND,
            ping_after: 20 * SECOND,
            dead_after: 45 * SECOND,
            close_timeout: 2 * SECOND,
        };
        let pulse = Pulse::new(opened, patience);
        Given { pulse, opened }
    }

    impl Given {
        #[track_caller]
        fn check(&self, due: &Due, expected: &Due, second: u64) {
            assert_eq!((due, self.opened.elapsed().as_secs()), (expected, second));
        }

        async fn due(&mut self) -> Due {
            poll_fn(|cx| self.pulse.poll_due(cx)).await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_let_us_in_is_overdue() {
        let mut given = given();
        let due = given.due().await;
        given.check(&due, &Due::Over(Overdue::Welcome), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_peer_is_asked_once_and_then_given_up() {
        let mut given = given();
        given.pulse.welcomed();
        let due = given.due().await;
        given.check(&due, &Due::Ping, 20);
        let due = given.due().await;
        given.check(&due, &Due::Over(Overdue::Life(45 * SECOND)), 45);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_answers_is_asked_again_after_as_much_silence() {
        let mut given = given();
        given.pulse.welcomed();
        for round in 1..5 {
            let due = given.due().await;
            given.check(&due, &Due::Ping, 20 * round);
            // The alarm is set for the end of patience before the answer comes.
            let waits = poll_fn(|cx| Poll::Ready(given.pulse.poll_due(cx).is_pending()));
            assert!(waits.await);
            given.pulse.heard(Instant::now());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_talks_and_takes_nothing_is_given_up() {
        let mut given = given();
        given.pulse.welcomed();
        given.pulse.stuck(given.opened);
        for _ in 0..2 {
            tokio::time::advance(15 * SECOND).await;
            given.pulse.heard(Instant::now());
        }
        let due = given.due().await;
        given.check(&due, &Due::Over(Overdue::Reading(45 * SECOND)), 45);
    }

    #[tokio::test(start_paused = true)]
    async fn a_good_bye_is_waited_for_as_long_as_set() {
        let mut given = given();
        given.pulse.welcomed();
        given.pulse.closing(given.opened);
        let due = given.due().await;
        given.check(&due, &Due::Over(Overdue::GoodBye), 2);
    }
}
