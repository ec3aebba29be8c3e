//! Counts that are not made again each time somebody looks.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Clock, Date, PortResult, Timestamp};

use crate::{Census, Totals};

/// Counting goes through rows of all users: it costs the more the more there are.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(1);

/// Counts at most once a minute; in between the last counts are told again.
pub struct RecentCensus {
    census: Arc<dyn Census>,
    clock: Arc<dyn Clock>,
    last: Mutex<Option<Counted>>,
}

#[derive(Clone, Copy)]
struct Counted {
    at: Timestamp,
    today: Date,
    totals: Totals,
}

impl RecentCensus {
    /// In front of the one that counts.
    pub fn new(census: Arc<dyn Census>, clock: Arc<dyn Clock>) -> Self {
        Self {
            census,
            clock,
            last: Mutex::new(None),
        }
    }

    fn last(&self) -> Option<Counted> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Census for RecentCensus {
    async fn totals(&self, today: Date) -> PortResult<Totals> {
        let now = self.clock.now();
        let holds = |last: &Counted| last.today == today && now - last.at < KEPT_FOR;
        if let Some(last) = self.last().filter(holds) {
            return Ok(last.totals);
        }
        let totals = self.census.totals(today).await?;
        let counted = Counted {
            at: now,
            today,
            totals,
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use testkit::FixedClock;

    use super::*;

    /// There is one user more each time.
    #[derive(Default)]
    struct Growing(AtomicU64);

    #[async_trait]
    impl Census for Growing {
        async fn totals(&self, _: Date) -> PortResult<Totals> {
            let users = self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Totals {
                users,
                ..Totals::default()
            })
        }
    }

    #[tokio::test]
    async fn counts_hold_for_a_minute_and_for_their_day() {
        let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z"));
        let census = RecentCensus::new(Arc::new(Growing::default()), clock.clone());
        let day = clock.now().date_naive();
        let users = async |day| census.totals(day).await.unwrap().users;
        assert_eq!((users(day).await, users(day).await), (0, 0));
        assert_eq!(users(day.succ_opt().unwrap()).await, 1);
        clock.advance(TimeDelta::minutes(1));
        assert_eq!(users(day.succ_opt().unwrap()).await, 2);
    }
}
