//! The ledger entries of this room's changes.

use kernel::{EntryId, Timestamp, Zone};
use ledger::{Actor, Change, Entry, LearningEventRecorded, SessionEnded, SessionStarted};

use crate::ports::EventEntries;
use crate::{NewLearningEvent, Session};

/// Tells that a session started.
pub(crate) fn started(id: EntryId, session: &Session) -> Entry {
    let change = SessionStarted {
        session_id: session.id,
        started_at: session.started_at,
    };
    Entry {
        id,
        user: session.user,
        actor: Actor::User,
        device_time: None,
        server_time: session.started_at,
        zone: session.zone,
        change: Change::SessionStarted(change),
    }
}

/// Tells that a session ended at `ended_at`, which the server accepted at `now`.
pub(crate) fn ended(
    id: EntryId,
    session: &Session,
    actor: Actor,
    ended_at: Timestamp,
    now: Timestamp,
) -> Entry {
    Entry {
        id,
        user: session.user,
        actor,
        device_time: None,
        server_time: now,
        zone: session.zone,
        change: Change::SessionEnded(SessionEnded {
            session_id: session.id,
            ended_at,
        }),
    }
}

/// Any other change the user made now.
pub(crate) fn by_user(
    id: EntryId,
    user: kernel::UserId,
    now: Timestamp,
    zone: Zone,
    change: Change,
) -> Entry {
    Entry {
        id,
        user,
        actor: Actor::User,
        device_time: None,
        server_time: now,
        zone,
        change,
    }
}

impl NewLearningEvent {
    /// The ledger entries to store with it.
    pub fn entries(&self) -> EventEntries {
        let event = &self.event;
        let change = LearningEventRecorded {
            learning_event_id: event.id,
            session_id: event.session,
            captured_at: event.captured_at,
            topic: event.topic.as_str().to_owned(),
            subtopic: event.content.subtopic.clone(),
            is_active: event.content.is_active,
            is_distracted: event.content.is_distracted,
        };
        EventEntries {
            session: started(self.session_entry_id, &self.session),
            event: Entry {
                id: self.entry_id,
                user: event.user,
                actor: Actor::User,
                device_time: Some(event.captured_at),
                server_time: event.received_at,
                zone: self.session.zone,
                change: Change::LearningEventRecorded(change),
            },
        }
    }
}
