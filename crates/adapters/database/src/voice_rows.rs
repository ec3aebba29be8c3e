//! Conversations and turns as rows.

use kernel::{Fault, PortError, PortResult, Timestamp};
use sea_orm::ActiveValue::Set;
use voice::client::Speaker;
use voice::{Append, EndReason, TalkState, Turn, Usage, VoiceSession};

use crate::convert::{moment, text, zone};
use crate::tables::{voice_sessions, voice_turns};
use crate::tokens::{self, columns, counted, into_row, of_row, stored};

/// What only grows while a conversation goes on.
#[derive(Clone, Copy)]
pub(crate) struct Totals {
    last_seen_at: i64,
    cost_micros: Option<i64>,
    /// Text, sound and pictures of input, cache and output.
    tokens: [i64; 9],
}

impl Totals {
    /// As they are stored.
    pub(crate) const fn of(row: &voice_sessions::Model) -> Self {
        Self {
            last_seen_at: row.last_seen_at,
            cost_micros: row.cost_micros,
            tokens: of_row!(row),
        }
    }

    /// As they are told.
    pub(crate) fn at(append: &Append) -> Self {
        Self {
            last_seen_at: append.at.timestamp_millis(),
            cost_micros: append.cost_micros.map(stored),
            tokens: columns(&append.usage),
        }
    }

    fn begun(session: &VoiceSession) -> Self {
        let seen = match session.state {
            TalkState::Open { last_seen_at } => last_seen_at,
            TalkState::Ended { at, .. } => at,
        };
        Self {
            last_seen_at: seen.timestamp_millis(),
            cost_micros: session.cost_micros.map(stored),
            tokens: columns(&session.usage),
        }
    }

    /// The larger of each.
    pub(crate) fn most(self, other: Self) -> Self {
        let (mine, theirs) = (self.tokens, other.tokens);
        Self {
            last_seen_at: self.last_seen_at.max(other.last_seen_at),
            cost_micros: self.cost_micros.max(other.cost_micros),
            tokens: std::array::from_fn(|kind| mine[kind].max(theirs[kind])),
        }
    }

    /// The columns they lie in; others are not set.
    pub(crate) fn into_row(self) -> voice_sessions::ActiveModel {
        into_row!(
            self.tokens,
            voice_sessions::ActiveModel {
                last_seen_at: Set(self.last_seen_at),
                cost_micros: Set(self.cost_micros),
                ..Default::default()
            }
        )
    }
}

/// A conversation as a row.
pub(crate) fn session_row(session: &VoiceSession) -> PortResult<voice_sessions::ActiveModel> {
    let totals = Totals::begun(session);
    let VoiceSession {
        id,
        user,
        session: study,
        started_at,
        zone,
        state,
        model,
        usage: _,
        cost_micros: _,
    } = session;
    let (ended_at, end_reason) = match state {
        TalkState::Open { .. } => (None, None),
        TalkState::Ended { at, reason } => (Some(at), Some(reason)),
    };
    Ok(voice_sessions::ActiveModel {
        id: Set(id.uuid()),
        user_id: Set(user.uuid()),
        session_id: Set(study.uuid()),
        started_at: Set(started_at.timestamp_millis()),
        zone: Set(zone.name().to_owned()),
        ended_at: Set(ended_at.map(Timestamp::timestamp_millis)),
        end_reason: Set(end_reason.map(|reason| reason.as_str().to_owned())),
        model: Set(text(model)?),
        ..totals.into_row()
    })
}

/// A turn of this conversation as a row.
pub(crate) fn turn_row(append: &Append, turn: &Turn) -> PortResult<voice_turns::ActiveModel> {
    let Turn {
        index,
        speaker,
        item,
        text: words,
        at,
        heard_ms,
        spoken_ms,
    } = turn;
    Ok(voice_turns::ActiveModel {
        voice_session_id: Set(append.id.uuid()),
        number: Set(i64::from(*index)),
        user_id: Set(append.user.uuid()),
        speaker: Set(speaker.as_str().to_owned()),
        item: Set(text(item.as_str())?),
        // One such character must not cost the rest of the transcript.
        text: Set(words.replace('\0', "")),
        at: Set(at.timestamp_millis()),
        heard_ms: Set(heard_ms.map(i64::from)),
        spoken_ms: Set(spoken_ms.map(i64::from)),
    })
}

impl TryFrom<voice_sessions::Model> for VoiceSession {
    type Error = PortError;

    fn try_from(row: voice_sessions::Model) -> PortResult<Self> {
        let usage = usage(&row)?;
        let state = state(&row)?;
        Ok(Self {
            id: row.id.into(),
            user: row.user_id.into(),
            session: row.session_id.into(),
            started_at: moment(row.started_at)?,
            zone: zone(&row.zone)?,
            state,
            model: row.model,
            usage,
            cost_micros: row.cost_micros.map(counted).transpose()?,
        })
    }
}

impl TryFrom<voice_turns::Model> for Turn {
    type Error = PortError;

    fn try_from(row: voice_turns::Model) -> PortResult<Self> {
        let voice_turns::Model {
            voice_session_id: _,
            number,
            user_id: _,
            speaker,
            item,
            text,
            at,
            heard_ms,
            spoken_ms,
        } = row;
        Ok(Self {
            index: counted(number)?,
            speaker: Speaker::parse(&speaker).ok_or(unreadable())?,
            item: item.into(),
            text,
            at: moment(at)?,
            heard_ms: heard_ms.map(counted).transpose()?,
            spoken_ms: spoken_ms.map(counted).transpose()?,
        })
    }
}

fn state(row: &voice_sessions::Model) -> PortResult<TalkState> {
    match (row.ended_at, &row.end_reason) {
        (None, _) => Ok(TalkState::Open {
            last_seen_at: moment(row.last_seen_at)?,
        }),
        (Some(at), Some(reason)) => Ok(TalkState::Ended {
            at: moment(at)?,
            reason: EndReason::stored(reason.clone()),
        }),
        (Some(_), None) => Err(unreadable()),
    }
}

fn usage(row: &voice_sessions::Model) -> PortResult<Usage> {
    tokens::usage(Totals::of(row).tokens)
}

const fn unreadable() -> PortError {
    PortError::bare(Fault::Corrupt, "read a stored conversation")
}
