//! What `voice::VoiceStore` promises.

mod lists;
mod talks;

use chrono::TimeDelta;
use kernel::{PageRequest, PortResult, SessionId, Timestamp, UserId, VoiceSessionId};
use ledger::{
    Actor, Change, Entry, Ledger, Position, SessionStarted, VoiceEnded, VoiceStarted, VoiceTurn,
};
use sessions::{Session, SessionStore};
use uuid::Uuid;
use voice::client::Speaker;
use voice::{
    Append, EndReason, NewTurn, TalkState, Tokens, Turn, Usage, VoiceClose, VoiceOpening,
    VoiceSession, VoiceStore,
};

pub use lists::*;
pub use talks::*;

/// The ports of one database in which nothing is stored yet.
pub struct VoiceStores<'a> {
    /// Keeps conversations.
    pub store: &'a dyn VoiceStore,
    /// Keeps the sessions of study they belong to.
    pub sessions: &'a dyn SessionStore,
    /// Tells what entries there are.
    pub ledger: &'a dyn Ledger,
}

/// Seconds after ten o'clock on a day in March.
fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::seconds(1_772_359_200 + seconds)
}

fn ada() -> UserId {
    UserId::from_name("ada")
}

fn bob() -> UserId {
    UserId::from_name("bob")
}

fn all() -> PageRequest {
    PageRequest::new(PageRequest::MAX_LIMIT, None)
}

/// The session of study with this number.
fn study(n: u8) -> SessionId {
    Uuid::from_u64_pair(1, n.into()).into()
}

/// The conversation with this number.
fn talk(n: u8) -> VoiceSessionId {
    Uuid::from_u64_pair(2, n.into()).into()
}

/// An entry whose id tells what it is for; the kinds 1 to 4 and the numbers are free.
fn entry(user: UserId, (kind, n, m): (u64, u8, u32), change: Change) -> Entry {
    let number = (u64::from(n) << 32) + u64::from(m);
    Entry {
        id: Uuid::from_u64_pair(100 + kind, number).into(),
        user,
        actor: Actor::User,
        device_time: None,
        server_time: at(0),
        zone: chrono_tz::Europe::Berlin,
        change,
    }
}

/// An open conversation of this user in the session of study with the same number.
fn session(n: u8, user: UserId, started_at: Timestamp) -> VoiceSession {
    VoiceSession {
        id: talk(n),
        user,
        session: study(n),
        started_at,
        zone: chrono_tz::Asia::Seoul,
        state: TalkState::Open {
            last_seen_at: started_at,
        },
        model: "gpt-realtime".to_owned(),
        usage: Usage::default(),
        cost_micros: None,
    }
}

fn opening(session: &VoiceSession, n: u8) -> VoiceOpening {
    let change = VoiceStarted {
        voice_session_id: session.id,
        session_id: session.session,
        started_at: session.started_at,
    };
    VoiceOpening {
        session: session.clone(),
        entry: entry(session.user, (1, n, 0), Change::VoiceStarted(change)),
    }
}

fn turn(index: u32, text: &str) -> Turn {
    let is_answer = index % 2 == 1;
    Turn {
        index,
        speaker: if is_answer {
            Speaker::Tutor
        } else {
            Speaker::Student
        },
        item: format!("item_{index}").into(),
        text: text.to_owned(),
        at: at(i64::from(index)),
        heard_ms: is_answer.then_some(700),
        spoken_ms: is_answer.then_some(1200),
    }
}

/// A turn of conversation `n`.
fn new_turn(n: u8, user: UserId, turn: Turn) -> NewTurn {
    let change = VoiceTurn {
        voice_session_id: talk(n),
        index: turn.index,
        role: turn.speaker.as_str().to_owned(),
        at: turn.at,
        heard_ms: turn.heard_ms,
    };
    NewTurn {
        entry: entry(user, (2, n, turn.index), Change::VoiceTurn(change)),
        turn,
    }
}

fn usage(audio: u64) -> Usage {
    let tokens = |text, audio, image| Tokens { text, audio, image };
    Usage {
        input: tokens(1, audio, 3),
        cached: tokens(4, 5, 6),
        output: tokens(7, 8, u64::from(u32::MAX)),
    }
}

/// These turns of Ada's conversation `n`, `seconds` later.
fn append(n: u8, turns: impl IntoIterator<Item = Turn>, seconds: i64) -> Append {
    let turns = turns.into_iter().map(|turn| new_turn(n, ada(), turn));
    Append {
        id: talk(n),
        user: ada(),
        turns: turns.collect(),
        usage: usage(100 + seconds.unsigned_abs()),
        cost_micros: Some(50 + seconds.unsigned_abs()),
        at: at(seconds),
    }
}

fn close(n: u8, user: UserId, ended_at: Timestamp, reason: EndReason) -> VoiceClose {
    let change = VoiceEnded {
        voice_session_id: talk(n),
        ended_at,
        reason: reason.as_str().to_owned(),
    };
    VoiceClose {
        id: talk(n),
        user,
        at: ended_at,
        entry: entry(user, (3, n, 0), Change::VoiceEnded(change)),
        reason,
    }
}

/// Conversation `n` of this user, begun, and the session of study around it.
async fn begun(stores: &VoiceStores<'_>, n: u8, user: UserId, at: Timestamp) -> VoiceSession {
    let around = Session::start(study(n), user, at, chrono_tz::Europe::Berlin);
    let change = SessionStarted {
        session_id: around.id,
        started_at: at,
    };
    let started = entry(user, (4, n, 0), Change::SessionStarted(change));
    ok(stores.sessions.start(&around, &started).await);
    let session = session(n, user, at);
    ok(stores.store.open(&opening(&session, n)).await);
    session
}

/// The names of what the user's log holds of conversations.
async fn told(stores: &VoiceStores<'_>, user: UserId) -> Vec<&'static str> {
    let entries = ok(stores.ledger.read(user, Position::START, 200).await);
    let names = entries.iter().map(|recorded| recorded.entry.change.name());
    names.filter(|name| name.starts_with("voice.")).collect()
}

/// The value, or the port's failure as a panic.
#[track_caller]
fn ok<T>(result: PortResult<T>) -> T {
    result.unwrap_or_else(|e| panic!("{e}: {:?}", std::error::Error::source(&e)))
}
