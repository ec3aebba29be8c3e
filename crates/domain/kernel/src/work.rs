//! Ids for work that may be begun more than once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// Names a piece of work. However often it is begun, its parts have the same ids, so that what an
/// attempt has written before its process died is found and not written twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkId(Uuid);

impl WorkId {
    /// The work with this id, a `UUIDv7`.
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The id as a plain UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// When it was begun for the first time; `None` if the id has no time.
    pub fn begun_at(self) -> Option<Timestamp> {
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        Timestamp::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    }

    /// The id of one part, another one for each number and as hard to meet by chance as the
    /// work's own. Time and version are those of the work.
    pub const fn part(self, number: u8) -> Uuid {
        Uuid::from_u128(self.0.as_u128() ^ number as u128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_and_keep_time_and_version() {
        let id = Uuid::parse_str("0197a1b2-0000-7000-8000-0000000000ff").unwrap();
        let work = WorkId::new(id);
        assert_ne!(work.part(1), work.part(2));
        assert_eq!(work.part(1), work.part(1));
        for part in [work.part(1), work.part(255)] {
            assert_eq!(WorkId::new(part).begun_at(), work.begun_at());
            assert_eq!(part.get_version_num(), 7);
        }
    }
}
