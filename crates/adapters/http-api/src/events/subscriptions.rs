//! What one socket follows, and how far each of it has come.

use std::collections::BTreeMap;

use ledger::{Position, Recorded};

use super::topic::Topic;

/// Topics, and the place after which each goes on.
#[derive(Debug, Default)]
pub(super) struct Subscriptions(BTreeMap<Topic, Position>);

impl Subscriptions {
    /// Follows a topic after a place; one that is followed already goes there.
    pub(super) fn add(&mut self, topic: Topic, after: Position) {
        self.0.insert(topic, after);
    }

    pub(super) fn remove(&mut self, topic: Topic) {
        self.0.remove(&topic);
    }

    pub(super) fn contains(&self, topic: Topic) -> bool {
        self.0.contains_key(&topic)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The topics an entry is to be told under: those it belongs to and has not been told under.
    /// Entries come in the order of the log, some again after a topic has gone back.
    pub(super) fn told(&mut self, recorded: &Recorded) -> Vec<Topic> {
        let mut topics = Vec::new();
        for (topic, after) in &mut self.0 {
            if *after >= recorded.position {
                continue;
            }
            *after = recorded.position;
            if topic.has(&recorded.entry.change) {
                topics.push(*topic);
            }
        }
        topics
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Timestamp, UserId, Zone};
    use ledger::{Actor, Change, Entry, HelpCounted};
    use uuid::Uuid;

    use super::*;

    /// An entry about a session.
    fn entry(position: i64, session: u128) -> Recorded {
        let change = HelpCounted {
            help_request_id: Uuid::nil().into(),
            session_id: Some(Uuid::from_u128(session).into()),
            topic: "Math".to_owned(),
        };
        let entry = Entry {
            id: Uuid::nil().into(),
            user: UserId::from_name("ada"),
            actor: Actor::User,
            device_time: None,
            server_time: Timestamp::UNIX_EPOCH,
            zone: Zone::UTC,
            change: Change::HelpCounted(change),
        };
        let position = Position::new(position);
        Recorded { position, entry }
    }

    fn session(number: u128) -> Topic {
        Topic::Session(Uuid::from_u128(number).into())
    }

    #[test]
    fn an_entry_is_told_once_under_all_topics_it_belongs_to() {
        let mut followed = Subscriptions::default();
        followed.add(Topic::User, Position::START);
        followed.add(session(1), Position::START);
        followed.add(session(2), Position::START);
        assert_eq!(followed.told(&entry(1, 1)), [Topic::User, session(1)]);
        assert_eq!(followed.told(&entry(1, 1)), []);
        assert_eq!(followed.told(&entry(2, 3)), [Topic::User]);
    }

    #[test]
    fn what_goes_back_tells_again_and_nothing_else_does() {
        let mut followed = Subscriptions::default();
        followed.add(Topic::User, Position::START);
        for position in 1..=3 {
            followed.told(&entry(position, 1));
        }
        followed.add(session(1), Position::new(1));
        let again: Vec<_> = (2..=4).map(|n| followed.told(&entry(n, 1))).collect();
        let last = vec![Topic::User, session(1)];
        assert_eq!(again, [vec![session(1)], vec![session(1)], last]);
    }
}
