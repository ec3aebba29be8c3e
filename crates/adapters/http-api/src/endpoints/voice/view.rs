//! What clients see of a conversation.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use voice::{TalkState, Turn, VoiceSession};

use crate::views::UsageView;

/// A conversation with the tutor.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VoiceSessionView {
    voice_session_id: Uuid,
    /// The session of study it belongs to.
    session_id: Uuid,
    status: VoiceStatus,
    started_at: DateTime<Utc>,
    /// Null while it is going on.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// Why it ended: `client`, `tool`, `gone`, `crash`, or the code of a fatal error; null while it
    /// is going on.
    #[schema(required = true)]
    end_reason: Option<String>,
    /// The user's IANA time zone when it started.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    model: String,
    usage: UsageView,
    /// In millionths of a US dollar; null where the model's price is not known.
    #[schema(required = true)]
    cost_micros: Option<u64>,
}

/// Whether a conversation is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum VoiceStatus {
    Active,
    Ended,
}

/// What one side said, as it was heard.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TurnView {
    /// Its place in the conversation. A turn nobody heard leaves a hole.
    index: u32,
    /// `user` or `assistant`.
    role: &'static str,
    /// The words; of an answer only those that were heard.
    text: String,
    /// When it began.
    at: DateTime<Utc>,
    /// How much of an answer's sound was heard, in ms; null for the user and for written answers.
    #[schema(required = true)]
    heard_ms: Option<u32>,
    /// All of an answer's sound there was, in ms.
    #[schema(required = true)]
    spoken_ms: Option<u32>,
}

impl From<VoiceSession> for VoiceSessionView {
    fn from(session: VoiceSession) -> Self {
        let VoiceSession {
            id,
            user: _,
            session,
            started_at,
            zone,
            state,
            model,
            usage,
            cost_micros,
        } = session;
        let (status, ended_at, end_reason) = match state {
            TalkState::Open { last_seen_at: _ } => (VoiceStatus::Active, None, None),
            TalkState::Ended { at, reason } => {
                let reason = reason.as_str().to_owned();
                (VoiceStatus::Ended, Some(at), Some(reason))
            }
        };
        Self {
            voice_session_id: id.uuid(),
            session_id: session.uuid(),
            status,
            started_at,
            ended_at,
            end_reason,
            time_zone: zone.name().to_owned(),
            model,
            usage: usage.into(),
            cost_micros,
        }
    }
}

impl From<Turn> for TurnView {
    fn from(turn: Turn) -> Self {
        let Turn {
            index,
            speaker,
            item: _,
            text,
            at,
            heard_ms,
            spoken_ms,
        } = turn;
        Self {
            index,
            role: speaker.as_str(),
            text,
            at,
            heard_ms,
            spoken_ms,
        }
    }
}
