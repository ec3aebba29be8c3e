//! When a picture was taken.

use chrono::TimeDelta;
use kernel::{Timestamp, to_millis};

const OLDEST: TimeDelta = TimeDelta::hours(24);
const MOST_AHEAD: TimeDelta = TimeDelta::minutes(2);

/// The capture time that counts (rule 9 of study-time counting): the one the client gave if it
/// lies within the last 24 h and not more than 2 min ahead, else the time of receipt.
pub fn captured_at(claimed: Option<Timestamp>, received_at: Timestamp) -> Timestamp {
    let believable = received_at - OLDEST..=received_at + MOST_AHEAD;
    to_millis(
        claimed
            .filter(|at| believable.contains(at))
            .unwrap_or(received_at),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds_ago: i64, believed: bool) {
        let received_at = Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap();
        let claimed = received_at - TimeDelta::seconds(seconds_ago);
        let expected = if believed { claimed } else { received_at };
        assert_eq!(
            captured_at(Some(claimed), received_at),
            expected,
            "{seconds_ago} s ago"
        );
    }

    #[test]
    fn a_capture_time_within_a_day_and_two_minutes_ahead_is_believed() {
        check(0, true);
        check(86_400, true);
        check(86_401, false);
        check(-120, true);
        check(-121, false);
    }
}
