//! The envelope around a change.

use kernel::{EntryId, Timestamp, UserId, Zone};

use crate::Change;

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The user, through the API.
    User,
    /// The server: a timer or a job.
    System,
}

impl Actor {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
        }
    }

    /// The actor of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::User, Self::System]
            .into_iter()
            .find(|actor| actor.as_str() == name)
    }
}

/// One accepted change, before the log has given it a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Unique in the whole log; appending the same id again changes nothing.
    pub id: EntryId,
    /// Whose log it belongs to.
    pub user: UserId,
    /// Who made the change.
    pub actor: Actor,
    /// When the device says it happened.
    pub device_time: Option<Timestamp>,
    /// When the server accepted it.
    pub server_time: Timestamp,
    /// The user's time zone then.
    pub zone: Zone,
    /// What changed.
    pub change: Change,
}

/// A place in one user's log: 0 before the first entry, then 1, 2, 3 … without holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(i64);

impl Position {
    /// Before the first entry.
    pub const START: Self = Self(0);

    /// The place with this number; negative numbers count as the start.
    pub fn new(number: i64) -> Self {
        Self(number.max(0))
    }

    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// An entry with its place in the user's log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its place.
    pub position: Position,
    /// The entry itself.
    pub entry: Entry,
}
