//! The settings of jobs and live events.

use super::parse::Reader;

/// How many things may go on at a time in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BackgroundSettings {
    /// Jobs.
    pub(crate) jobs_at_once: u16,
    /// Sockets for live events, of one user.
    pub(crate) events_per_user: u32,
    /// The same, from one address.
    pub(crate) events_per_address: u32,
}

impl Reader<'_> {
    pub(super) fn background(&mut self) -> BackgroundSettings {
        let at_once = self.number("JOBS_AT_ONCE", 4, 1..=256);
        BackgroundSettings {
            jobs_at_once: u16::try_from(at_once).unwrap_or(u16::MAX),
            events_per_user: self.number("EVENTS_MAX_PER_USER", 10, 1..=10_000),
            events_per_address: self.number("EVENTS_MAX_PER_ADDRESS", 100, 1..=100_000),
        }
    }
}
