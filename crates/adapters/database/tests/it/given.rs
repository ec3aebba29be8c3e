//! Things to store, with what does not matter filled in.

use chrono::TimeDelta;
use kernel::{Ids, LearningEventId, PageRequest, Timestamp, UserId, Zone};
use ledger::{Actor, Change, Entry, HelpCounted, SessionEnded, SessionStarted};
use objects::ObjectKey;
use sessions::{
    Bookmark, ContentAnalysis, HelpRequest, HelpStore, LearningEvent, NewLearningEvent, Note,
    Session,
};
use testkit::SeededBits;
use topics::TopicName;
use uuid::Uuid;
use voice::client::Speaker;
use voice::{TalkState, Turn, Usage, VoiceSession};

use crate::backend::Backend;

/// Makes things with ids that never repeat in one test.
pub(crate) struct Given {
    bits: SeededBits,
}

/// The user most tests are about.
pub(crate) fn ada() -> UserId {
    UserId::from_name("ada")
}

/// The user who must see nothing of it.
pub(crate) fn bob() -> UserId {
    UserId::from_name("bob")
}

/// `seconds` after ten o'clock on a day in March.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_772_359_200 + seconds, 0).unwrap()
}

/// The whole list in one page.
pub(crate) fn all() -> PageRequest {
    PageRequest::new(200, None)
}

/// An entry of Ada's that cannot be appended: an entry of Bob's has its id.
pub(crate) async fn taken(db: &Backend, given: &Given) -> Entry {
    let theirs = given.entry(bob());
    let added = HelpStore::add(&**db, &given.help(bob()), &theirs).await;
    added.unwrap();
    Entry {
        user: ada(),
        ..theirs
    }
}

impl Given {
    /// Ids begin anew.
    pub(crate) fn new() -> Self {
        Self {
            bits: SeededBits::new(7),
        }
    }

    /// A fresh id.
    pub(crate) fn id(&self) -> Uuid {
        self.bits.next(at(0))
    }

    /// A session that starts at ten.
    pub(crate) fn session(&self, user: UserId) -> Session {
        self.session_at(user, at(0), chrono_tz::Europe::Berlin)
    }

    /// A session that starts when and where it is told.
    pub(crate) fn session_at(&self, user: UserId, start: Timestamp, zone: Zone) -> Session {
        Session::start(self.id().into(), user, start, zone)
    }

    /// Any entry of this user that stands for nothing else.
    pub(crate) fn entry(&self, user: UserId) -> Entry {
        let change = HelpCounted {
            help_request_id: self.id().into(),
            session_id: None,
            topic: "Math".to_owned(),
        };
        self.entry_of(user, Change::HelpCounted(change))
    }

    /// The entry of a session's start.
    pub(crate) fn started(&self, session: &Session) -> Entry {
        let change = SessionStarted {
            session_id: session.id,
            started_at: session.started_at,
        };
        let mut entry = self.entry_of(session.user, Change::SessionStarted(change));
        entry.zone = session.zone;
        entry
    }

    /// The entry of a session's end.
    pub(crate) fn ended(&self, ended: &Session) -> Entry {
        let change = SessionEnded {
            session_id: ended.id,
            ended_at: ended.ended_at().unwrap(),
        };
        let mut entry = self.entry_of(ended.user, Change::SessionEnded(change));
        entry.actor = Actor::System;
        entry
    }

    /// An entry around a change.
    pub(crate) fn entry_of(&self, user: UserId, change: Change) -> Entry {
        Entry {
            id: self.id().into(),
            user,
            actor: Actor::User,
            device_time: Some(at(0) + TimeDelta::milliseconds(1)),
            server_time: at(0) + TimeDelta::milliseconds(2),
            zone: chrono_tz::Europe::Berlin,
            change,
        }
    }

    /// An event of a session, captured then.
    pub(crate) fn event(&self, session: &Session, captured_at: Timestamp) -> NewLearningEvent {
        let id: LearningEventId = self.id().into();
        let content = ContentAnalysis {
            is_studying: true,
            is_active: true,
            is_distracted: false,
            topic: Some("Biology".to_owned()),
            subtopic: Some("Photosynthesis".to_owned()),
            extracted_text: "6 CO₂ + 6 H₂O → C₆H₁₂O₆ + 6 O₂\n광합성".to_owned(),
        };
        let event = LearningEvent {
            id,
            session: session.id,
            user: session.user,
            object: ObjectKey::upload(session.user, captured_at, id.uuid(), "jpg"),
            captured_at,
            received_at: captured_at + TimeDelta::seconds(2),
            content,
            topic: TopicName::stored("Bio"),
            model: "local-ocr".to_owned(),
            reused: false,
            text_disputed: false,
        };
        NewLearningEvent {
            event,
            entry_id: self.id().into(),
            session: session.clone(),
            session_entry_id: self.id().into(),
        }
    }

    /// A bookmark on an event, made then.
    pub(crate) fn bookmark(&self, event: &LearningEvent, created_at: Timestamp) -> Bookmark {
        Bookmark {
            id: self.id().into(),
            user: event.user,
            event: event.id,
            session: event.session,
            note: Note::parse("exam").unwrap(),
            created_at,
            updated_at: created_at,
        }
    }

    /// A conversation in a session, begun with it.
    pub(crate) fn talk(&self, session: &Session) -> VoiceSession {
        VoiceSession {
            id: self.id().into(),
            user: session.user,
            session: session.id,
            started_at: session.started_at,
            zone: session.zone,
            state: TalkState::Open {
                last_seen_at: session.started_at,
            },
            model: "a-voice".to_owned(),
            usage: Usage::default(),
            cost_micros: None,
        }
    }

    /// The first turn of a conversation.
    pub(crate) fn turn(&self) -> Turn {
        Turn {
            index: 0,
            speaker: Speaker::Student,
            item: format!("item_{}", self.id()).into(),
            text: "What is photosynthesis?".to_owned(),
            at: at(3),
            heard_ms: None,
            spoken_ms: None,
        }
    }

    /// A request for help in mathematics.
    pub(crate) fn help(&self, user: UserId) -> HelpRequest {
        HelpRequest {
            id: self.id().into(),
            user,
            session: None,
            topic: TopicName::stored("Math"),
            at: at(0),
            zone: chrono_tz::Europe::Berlin,
        }
    }
}
