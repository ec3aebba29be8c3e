//! When a student studies: two sittings a day, each of a hundred pictures, up to a day given.

use chrono::{DateTime, Days, TimeDelta, Utc};

/// Pictures of one sitting.
pub(super) const PICTURES: u64 = 100;
/// From one picture to the next.
pub(super) const STEP: TimeDelta = TimeDelta::seconds(30);
const SITTINGS_A_DAY: u64 = 2;
/// Hours of the day at which they begin, in UTC.
const BEGINS: [i64; 2] = [9, 15];

/// How many sittings so many pictures make.
pub(super) const fn sittings(events: u64) -> u64 {
    events.div_ceil(PICTURES)
}

/// When this one of so many sittings begins; the last one is on the day before `until`.
pub(super) fn begin(sitting: u64, of: u64, until: DateTime<Utc>) -> DateTime<Utc> {
    let days_back = (of - 1 - sitting) / SITTINGS_A_DAY + 1;
    // Counted from the end, so that the last days are full.
    let second = (of - 1 - sitting).is_multiple_of(SITTINGS_A_DAY);
    let hour = BEGINS[usize::from(second)];
    let day = until.checked_sub_days(Days::new(days_back));
    day.unwrap_or(DateTime::UNIX_EPOCH) + TimeDelta::hours(hour)
}
