//! Between columns and domain values.

use kernel::{Date, Fault, PortError, PortResult, Timestamp, Zone, parse_zone};

/// A stored time.
pub(crate) fn moment(millis: i64) -> PortResult<Timestamp> {
    Timestamp::from_timestamp_millis(millis)
        .ok_or(PortError::bare(Fault::Corrupt, "read a stored time"))
}

/// A stored time that may be missing.
pub(crate) fn optional_moment(millis: Option<i64>) -> PortResult<Option<Timestamp>> {
    millis.map(moment).transpose()
}

/// A stored time zone.
pub(crate) fn zone(name: &str) -> PortResult<Zone> {
    parse_zone(name).map_err(|e| PortError::new(Fault::Corrupt, "read a stored time zone", e))
}

/// Text as a column: Postgres keeps no NUL, so SQLite is not given any either.
pub(crate) fn text(text: &str) -> PortResult<String> {
    if text.contains('\0') {
        return Err(PortError::bare(
            Fault::Refused,
            "store text that holds a NUL",
        ));
    }
    Ok(text.to_owned())
}

/// Text that may be missing.
pub(crate) fn optional_text(value: Option<&str>) -> PortResult<Option<String>> {
    value.map(text).transpose()
}

/// A day to look for. No row lies outside the years 1 to 9999, which both databases can compare.
pub(crate) fn day(date: Date) -> Date {
    let first = Date::from_ymd_opt(1, 1, 1).unwrap_or(Date::MIN);
    let last = Date::from_ymd_opt(9999, 12, 31).unwrap_or(Date::MAX);
    date.clamp(first, last)
}
