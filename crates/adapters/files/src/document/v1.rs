//! Version 1.

use std::borrow::Cow;

use kernel::{EntryId, LearningEventId, SessionId, Timestamp, UserId, parse_zone};
use serde::{Deserialize, Serialize};
use sessions::{ContentAnalysis, LearningEvent, NewLearningEvent, Session, SessionState};
use topics::TopicName;

use super::BadDocument;

pub(super) const VERSION: u32 = 1;

/// Texts are borrowed when written: the event may hold 200 kB of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DocumentV1<'a> {
    version: u32,
    event: EventV1<'a>,
    entry_id: EntryId,
    session: SessionV1<'a>,
    session_entry_id: EntryId,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EventV1<'a> {
    id: LearningEventId,
    session: SessionId,
    user: UserId,
    object: Cow<'a, str>,
    captured_at: Timestamp,
    received_at: Timestamp,
    content: ContentV1<'a>,
    topic: Cow<'a, str>,
    model: Cow<'a, str>,
    reused: bool,
    /// Left out where it is false, as older servers wrote and want it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    text_disputed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ContentV1<'a> {
    is_studying: bool,
    is_active: bool,
    is_distracted: bool,
    topic: Option<Cow<'a, str>>,
    subtopic: Option<Cow<'a, str>>,
    extracted_text: Cow<'a, str>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SessionV1<'a> {
    id: SessionId,
    user: UserId,
    started_at: Timestamp,
    zone: Cow<'a, str>,
    /// `null` while the session is active.
    ended_at: Option<Timestamp>,
    last_activity_at: Timestamp,
}

impl<'a> From<&'a NewLearningEvent> for DocumentV1<'a> {
    fn from(new: &'a NewLearningEvent) -> Self {
        let NewLearningEvent {
            event,
            entry_id,
            session,
            session_entry_id,
        } = new;
        Self {
            version: VERSION,
            event: event.into(),
            entry_id: *entry_id,
            session: session.into(),
            session_entry_id: *session_entry_id,
        }
    }
}

impl TryFrom<DocumentV1<'_>> for NewLearningEvent {
    type Error = BadDocument;

    fn try_from(document: DocumentV1<'_>) -> Result<Self, BadDocument> {
        let DocumentV1 {
            version: _,
            event,
            entry_id,
            session,
            session_entry_id,
        } = document;
        Ok(Self {
            event: event.try_into()?,
            entry_id,
            session: session.try_into()?,
            session_entry_id,
        })
    }
}

impl<'a> From<&'a LearningEvent> for EventV1<'a> {
    fn from(event: &'a LearningEvent) -> Self {
        let LearningEvent {
            id,
            session,
            user,
            object,
            captured_at,
            received_at,
            content,
            topic,
            model,
            reused,
            text_disputed,
        } = event;
        Self {
            id: *id,
            session: *session,
            user: *user,
            object: object.as_str().into(),
            captured_at: *captured_at,
            received_at: *received_at,
            content: content.into(),
            topic: topic.as_str().into(),
            model: model.into(),
            reused: *reused,
            text_disputed: *text_disputed,
        }
    }
}

impl TryFrom<EventV1<'_>> for LearningEvent {
    type Error = BadDocument;

    fn try_from(event: EventV1<'_>) -> Result<Self, BadDocument> {
        let EventV1 {
            id,
            session,
            user,
            object,
            captured_at,
            received_at,
            content,
            topic,
            model,
            reused,
            text_disputed,
        } = event;
        Ok(Self {
            id,
            session,
            user,
            object: object.parse().map_err(|_| BadDocument::Value("object"))?,
            captured_at,
            received_at,
            content: content.into(),
            topic: TopicName::stored(topic),
            model: model.into_owned(),
            reused,
            text_disputed,
        })
    }
}

impl<'a> From<&'a ContentAnalysis> for ContentV1<'a> {
    fn from(content: &'a ContentAnalysis) -> Self {
        let ContentAnalysis {
            is_studying,
            is_active,
            is_distracted,
            topic,
            subtopic,
            extracted_text,
        } = content;
        Self {
            is_studying: *is_studying,
            is_active: *is_active,
            is_distracted: *is_distracted,
            topic: topic.as_deref().map(Cow::Borrowed),
            subtopic: subtopic.as_deref().map(Cow::Borrowed),
            extracted_text: extracted_text.into(),
        }
    }
}

impl From<ContentV1<'_>> for ContentAnalysis {
    fn from(content: ContentV1<'_>) -> Self {
        let ContentV1 {
            is_studying,
            is_active,
            is_distracted,
            topic,
            subtopic,
            extracted_text,
        } = content;
        Self {
            is_studying,
            is_active,
            is_distracted,
            topic: topic.map(Cow::into_owned),
            subtopic: subtopic.map(Cow::into_owned),
            extracted_text: extracted_text.into_owned(),
        }
    }
}

impl<'a> From<&'a Session> for SessionV1<'a> {
    fn from(session: &'a Session) -> Self {
        let Session {
            id,
            user,
            started_at,
            zone,
            state,
            last_activity_at,
        } = session;
        Self {
            id: *id,
            user: *user,
            started_at: *started_at,
            zone: zone.name().into(),
            ended_at: match state {
                SessionState::Active => None,
                SessionState::Ended(at) => Some(*at),
            },
            last_activity_at: *last_activity_at,
        }
    }
}

impl TryFrom<SessionV1<'_>> for Session {
    type Error = BadDocument;

    fn try_from(session: SessionV1<'_>) -> Result<Self, BadDocument> {
        let SessionV1 {
            id,
            user,
            started_at,
            zone,
            ended_at,
            last_activity_at,
        } = session;
        Ok(Self {
            id,
            user,
            started_at,
            zone: parse_zone(&zone).map_err(|_| BadDocument::Value("zone"))?,
            state: ended_at.map_or(SessionState::Active, SessionState::Ended),
            last_activity_at,
        })
    }
}
