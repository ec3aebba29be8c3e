//! Time comes in as an argument; here is what it looks like.

use chrono::{DateTime, NaiveDate, Utc};

/// A moment in UTC. Everything stored has millisecond precision, see [`to_millis`].
pub type Timestamp = DateTime<Utc>;

/// A calendar day in some user's time zone.
pub type Date = NaiveDate;

/// An IANA time zone.
pub type Zone = chrono_tz::Tz;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The current moment, cut to milliseconds.
    fn now(&self) -> Timestamp;
}

/// Cuts a moment to the millisecond, so that a stored time equals the one in memory. A leap second
/// becomes the first second after it, as it does in storage.
pub fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at)
}

/// The calendar day of `at` in `zone`.
pub fn local_date(at: Timestamp, zone: Zone) -> Date {
    at.with_timezone(&zone).date_naive()
}

/// The given name is not an IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an IANA time zone")]
pub struct InvalidZone;

/// Parses an IANA name such as `Europe/Berlin`.
///
/// # Errors
/// [`InvalidZone`] for any other text.
pub fn parse_zone(name: &str) -> Result<Zone, InvalidZone> {
    name.parse().map_err(|_| InvalidZone)
}
