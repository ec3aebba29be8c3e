//! The rule.

use chrono::TimeDelta;
use kernel::Timestamp;

/// How many in how long, evenly refilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once; at least 1.
    pub burst: u32,
    /// How long until all of them may be done again.
    pub per: TimeDelta,
}

/// What is left in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many may be done now.
    pub remaining: u32,
    /// Where something remains: how long until the bucket is full. Where nothing remains: how long
    /// until one more may be done.
    pub refilled_after: TimeDelta,
}

impl Quota {
    /// This many in a minute; `None` for none, which means no limit.
    pub fn per_minute(burst: u32) -> Option<Self> {
        let per = TimeDelta::minutes(1);
        (burst > 0).then_some(Self { burst, per })
    }

    /// The time one takes up, in whole microseconds, so that every way of counting agrees.
    pub fn interval(self) -> TimeDelta {
        let micros = self.per.num_microseconds().unwrap_or(i64::MAX);
        TimeDelta::microseconds((micros / i64::from(self.burst.max(1))).max(1))
    }

    /// The time the whole burst takes up: `per`, but for what was lost by rounding.
    pub fn capacity(self) -> TimeDelta {
        let burst = i32::try_from(self.burst.max(1)).unwrap_or(i32::MAX);
        self.interval() * burst
    }

    /// Takes one from a bucket that is full again at `free_at`. Gives the new such time, or how
    /// long to wait.
    pub fn take(self, free_at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, TimeDelta> {
        let next = self.sane(free_at, now) + self.interval();
        let wait = next - now - self.capacity();
        if wait > TimeDelta::zero() {
            Err(wait)
        } else {
            Ok(next)
        }
    }

    /// What is left in a bucket that is full again at `free_at`.
    pub fn left(self, free_at: Option<Timestamp>, now: Timestamp) -> Left {
        let until_full = self.sane(free_at, now) - now;
        let interval = self.interval();
        let room = (self.capacity() - until_full).num_microseconds();
        let unit = interval.num_microseconds().unwrap_or(i64::MAX);
        let remaining = room.unwrap_or_default() / unit;
        let until_next = until_full + interval - self.capacity();
        Left {
            remaining: u32::try_from(remaining).unwrap_or_default(),
            refilled_after: if remaining > 0 {
                until_full
            } else {
                until_next
            },
        }
    }

    /// A bucket cannot be emptier than empty: a later time was written by a clock that ran ahead.
    fn sane(self, free_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
        free_at.unwrap_or(now).clamp(now, now + self.capacity())
    }
}
