//! The last picture of each session that a model has seen.

use std::collections::HashMap;

use kernel::{SessionId, Timestamp, UserId};
use objects::ObjectKey;

use crate::insight::Insight;
use crate::likeness::Signature;
use crate::ports::Held;

/// A picture that a model has seen.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) object: ObjectKey,
    pub(crate) signature: Signature,
    pub(crate) insight: Insight,
    pub(crate) captured_at: Timestamp,
    pub(crate) received_at: Timestamp,
}

impl Seen {
    /// What it takes, in bytes; small things not counted.
    fn size(&self) -> usize {
        self.signature.bytes().len() + self.insight.sighting.content.extracted_text.len()
    }
}

/// At most one picture a session; when memory is short, those not asked for longest go first.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kept: HashMap<(UserId, SessionId), Kept>,
    bytes: usize,
    /// Counts every use.
    uses: u64,
}

#[derive(Debug)]
struct Kept {
    seen: Seen,
    last_use: u64,
}

impl Memory {
    pub(crate) fn last(&mut self, user: UserId, session: SessionId) -> Option<Seen> {
        self.uses += 1;
        let kept = self.kept.get_mut(&(user, session))?;
        kept.last_use = self.uses;
        Some(kept.seen.clone())
    }

    /// Replaces what was kept of the session, unless that came later than this.
    pub(crate) fn keep(&mut self, whose: (UserId, SessionId), seen: Seen, max_bytes: usize) {
        let newest = self.kept.get(&whose).map(|kept| kept.seen.received_at);
        if newest.is_some_and(|newest| newest > seen.received_at) {
            return;
        }
        self.drop_one(whose);
        self.uses += 1;
        self.bytes += seen.size();
        let last_use = self.uses;
        self.kept.insert(whose, Kept { seen, last_use });
        while self.bytes > max_bytes {
            let Some(oldest) = self.least_used() else {
                return;
            };
            self.drop_one(oldest);
        }
    }

    /// Forgets everything received before a time.
    pub(crate) fn forget_before(&mut self, time: Timestamp) {
        self.forget(|_, seen| seen.received_at < time);
    }

    /// Forgets everything of a user; tells how much that was.
    pub(crate) fn forget_user(&mut self, user: UserId) -> Held {
        let before = self.held();
        self.forget(|owner, _| owner == user);
        let after = self.held();
        Held {
            count: before.count - after.count,
            bytes: before.bytes - after.bytes,
        }
    }

    /// How much is kept.
    pub(crate) fn held(&self) -> Held {
        Held {
            count: self.kept.len(),
            bytes: self.bytes as u64,
        }
    }

    fn forget(&mut self, goes: impl Fn(UserId, &Seen) -> bool) {
        self.kept.retain(|(user, _), kept| {
            let stays = !goes(*user, &kept.seen);
            if !stays {
                self.bytes -= kept.seen.size();
            }
            stays
        });
    }

    fn drop_one(&mut self, whose: (UserId, SessionId)) {
        if let Some(kept) = self.kept.remove(&whose) {
            self.bytes -= kept.seen.size();
        }
    }

    fn least_used(&self) -> Option<(UserId, SessionId)> {
        let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.last_use);
        oldest.map(|(whose, _)| *whose)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sessions::ContentAnalysis;
    use uuid::Uuid;

    use super::*;
    use crate::insight::SaidBy;
    use crate::model::Sighting;

    const ROOM: usize = 250;

    fn whose(session: u8) -> (UserId, SessionId) {
        let session = Uuid::from_u128(session.into()).into();
        (UserId::from_name("ada"), session)
    }

    /// A hundred bytes, received at second `at`.
    fn seen(at: i64) -> Seen {
        let time = Timestamp::UNIX_EPOCH + TimeDelta::seconds(at);
        let content = ContentAnalysis {
            is_studying: true,
            is_active: true,
            is_distracted: false,
            topic: None,
            subtopic: None,
            extracted_text: "x".repeat(40),
        };
        let model = "a-model".to_owned();
        Seen {
            object: ObjectKey::upload(UserId::from_name("ada"), time, Uuid::nil(), "jpg"),
            signature: Signature::new(vec![0; 60]),
            insight: Insight::new(SaidBy::First, Sighting { content, model }),
            captured_at: time,
            received_at: time,
        }
    }

    fn kept(memory: &mut Memory, session: u8) -> Option<i64> {
        let (user, session) = whose(session);
        let seen = memory.last(user, session)?;
        Some(seen.received_at.timestamp())
    }

    #[test]
    fn when_memory_is_short_the_least_used_session_is_forgotten() {
        let mut memory = Memory::default();
        memory.keep(whose(1), seen(0), ROOM);
        memory.keep(whose(2), seen(0), ROOM);
        assert_eq!(kept(&mut memory, 1), Some(0));
        memory.keep(whose(3), seen(0), ROOM);
        let left = [1, 2, 3].map(|session| kept(&mut memory, session).is_some());
        assert_eq!(left, [true, false, true]);
        assert_eq!(memory.bytes, 200);
    }

    #[test]
    fn a_session_keeps_its_newest_picture_whichever_answer_comes_last() {
        let mut memory = Memory::default();
        for at in [3, 6, 0] {
            memory.keep(whose(1), seen(at), ROOM);
        }
        assert_eq!(kept(&mut memory, 1), Some(6));
        assert_eq!(memory.bytes, 100);
    }

    #[test]
    fn what_is_too_old_is_forgotten() {
        let mut memory = Memory::default();
        memory.keep(whose(1), seen(0), ROOM);
        memory.keep(whose(2), seen(9), ROOM);
        memory.forget_before(seen(5).received_at);
        assert_eq!(
            (kept(&mut memory, 1), kept(&mut memory, 2)),
            (None, Some(9))
        );
        assert_eq!(memory.bytes, 100);
    }

    #[test]
    fn everything_of_a_user_is_forgotten_and_nothing_of_another() {
        let mut memory = Memory::default();
        memory.keep(whose(1), seen(0), ROOM);
        memory.keep((UserId::from_name("bob"), whose(2).1), seen(0), ROOM);
        let one = Held {
            count: 1,
            bytes: 100,
        };
        assert_eq!(memory.forget_user(UserId::from_name("ada")), one);
        assert_eq!((kept(&mut memory, 1), memory.held()), (None, one));
    }

    #[test]
    fn a_picture_larger_than_all_room_is_not_kept() {
        let mut memory = Memory::default();
        memory.keep(whose(1), seen(0), 99);
        assert_eq!((kept(&mut memory, 1), memory.bytes), (None, 0));
    }
}
