//! The answer.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::{Left, Quota};

/// Whether something may be done, with what is left in each bucket, in the order they were named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It may, and is counted against every bucket.
    Admitted(Vec<Left>),
    /// Not before this time has passed; it is counted against none.
    Refused {
        /// How long to wait; more than zero.
        retry_after: TimeDelta,
        /// What is left, nothing in at least one of them.
        left: Vec<Left>,
    },
}

impl Admission {
    /// It may be done; the buckets are full again at these times, this one counted.
    pub fn admitted(
        buckets: impl IntoIterator<Item = (Quota, Option<Timestamp>)>,
        now: Timestamp,
    ) -> Self {
        Self::Admitted(left(buckets, now))
    }

    /// It may not; the buckets are full again at these times.
    pub fn refused(
        buckets: impl IntoIterator<Item = (Quota, Option<Timestamp>)>,
        now: Timestamp,
    ) -> Self {
        let left = left(buckets, now);
        let empty = left.iter().filter(|left| left.remaining == 0);
        let longest = empty.map(|left| left.refilled_after).max();
        Self::Refused {
            retry_after: longest.unwrap_or(TimeDelta::microseconds(1)),
            left,
        }
    }

    /// Whether it may be done.
    pub const fn is_admitted(&self) -> bool {
        matches!(self, Self::Admitted(_))
    }

    /// What is left in each bucket.
    pub fn left(&self) -> &[Left] {
        match self {
            Self::Admitted(left) | Self::Refused { left, .. } => left,
        }
    }
}

fn left(
    buckets: impl IntoIterator<Item = (Quota, Option<Timestamp>)>,
    now: Timestamp,
) -> Vec<Left> {
    let left = buckets.into_iter();
    left.map(|(quota, free_at)| quota.left(free_at, now))
        .collect()
}
