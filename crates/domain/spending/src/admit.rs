//! Refusing further calls.

use chrono::{NaiveTime, TimeDelta, TimeZone};
use kernel::{Timestamp, UserId, Zone, local_date};

use crate::spending::Spending;

/// The user has spent the cap of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what may be spent on one day is used up")]
pub struct OverBudget {
    /// The cap, in millionths of a US dollar.
    pub cap_micros: u64,
    /// When the user's next day begins.
    pub until: Timestamp,
    /// From now until then.
    pub wait: TimeDelta,
}

impl Spending {
    /// Whether a model may be asked for this user. A user may come to spend more than the cap by
    /// what the calls cost that were admitted before it was reached.
    ///
    /// While the database cannot tell what was spent, what this process knows of counts alone.
    ///
    /// # Errors
    /// [`OverBudget`].
    pub async fn admit(&self, user: UserId) -> Result<(), OverBudget> {
        let Some(cap_micros) = self.budget.daily_cap_micros else {
            return Ok(());
        };
        let now = self.ports.clock.now();
        let (stored, zone) = match self.ports.store.spent(user, now).await {
            Ok(spent) => (spent.micros, spent.zone),
            Err(error) => {
                tracing::warn!(user_id = %user, error = &error as &dyn std::error::Error,
                    "what was spent today cannot be told");
                (0, Zone::UTC)
            }
        };
        if stored.saturating_add(self.unsettled.of(user)) < cap_micros {
            return Ok(());
        }
        let until = next_day(now, zone);
        Err(OverBudget {
            cap_micros,
            until,
            wait: until - now,
        })
    }
}

/// The first moment of the next day; where the clock skips midnight, an hour later.
fn next_day(now: Timestamp, zone: Zone) -> Timestamp {
    let tomorrow = local_date(now, zone).succ_opt();
    let midnight = tomorrow.map(|day| day.and_time(NaiveTime::MIN));
    let at = |local| zone.from_local_datetime(&local).earliest();
    let first = midnight.and_then(|midnight| at(midnight).or_else(|| at(midnight + HOUR)));
    first.map_or(now + DAY, |first| first.to_utc())
}

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe};

    use super::*;

    #[track_caller]
    fn check(now: &str, zone: Zone, expected: &str) {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(next_day(at(now), zone), at(expected));
    }

    #[test]
    fn the_next_day_begins_at_midnight_where_the_user_is() {
        check("2026-03-01T10:00:00Z", Zone::UTC, "2026-03-02T00:00:00Z");
        check("2026-03-01T16:00:00Z", Asia::Seoul, "2026-03-02T15:00:00Z");
        check(
            "2026-03-28T23:30:00Z",
            Europe::Berlin,
            "2026-03-29T22:00:00Z",
        );
    }

    #[test]
    fn where_the_clock_skips_midnight_the_day_begins_an_hour_later() {
        // Chile's clocks go from 24:00 to 01:00.
        check(
            "2026-09-05T20:00:00Z",
            America::Santiago,
            "2026-09-06T04:00:00Z",
        );
    }
}
