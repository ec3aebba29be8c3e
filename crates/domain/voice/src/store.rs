//! What is kept of a conversation, and the port.

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Page, PageRequest, PortResult, SessionId, Timestamp, UserId, VoiceSessionId, Zone};
use ledger::Entry;
use sessions::Stored;

use crate::client::Speaker;
use crate::{ItemId, Usage};

/// One conversation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceSession {
    /// Its id.
    pub id: VoiceSessionId,
    /// Who talks.
    pub user: UserId,
    /// The session of study it belongs to.
    pub session: SessionId,
    /// When it began.
    pub started_at: Timestamp,
    /// The user's time zone then.
    pub zone: Zone,
    /// Going on or ended.
    pub state: TalkState,
    /// The model's name.
    pub model: String,
    /// All tokens used.
    pub usage: Usage,
    /// What they cost, in millionths of a US dollar; `None` when the price is not known.
    pub cost_micros: Option<u64>,
}

/// Whether a conversation goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TalkState {
    /// It goes on, or its process died; something was stored last at this time.
    Open {
        /// The time.
        last_seen_at: Timestamp,
    },
    /// It is over.
    Ended {
        /// When.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

/// Why a conversation ended: a short code. `client`, `tool`, `gone`, `crash`, or the code of the
/// fatal error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndReason(String);

impl EndReason {
    /// The device said good-bye.
    pub fn client() -> Self {
        Self("client".to_owned())
    }

    /// The tutor was asked to end the session.
    pub fn tool() -> Self {
        Self("tool".to_owned())
    }

    /// The device vanished.
    pub fn gone() -> Self {
        Self("gone".to_owned())
    }

    /// The process died; found later.
    pub fn crash() -> Self {
        Self("crash".to_owned())
    }

    /// A fatal error.
    pub fn error(error: &crate::VoiceError) -> Self {
        Self(error.code().to_owned())
    }

    /// A reason read back from storage.
    pub fn stored(code: String) -> Self {
        Self(code)
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What one side said, as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its place in the conversation: 0, 1, 2 … in the order turns began. Turns may become final,
    /// and so be stored, in another order; a turn nobody heard leaves a hole.
    pub index: u32,
    /// Who said it.
    pub speaker: Speaker,
    /// The model's item.
    pub item: ItemId,
    /// The words; of an answer only those that were heard.
    pub text: String,
    /// When the turn began.
    pub at: Timestamp,
    /// How much of an answer's sound was heard, in ms; `None` for what the student said and for
    /// written answers.
    pub heard_ms: Option<u32>,
    /// All of an answer's sound there was, in ms.
    pub spoken_ms: Option<u32>,
}

impl Turn {
    /// Whether the student heard less than there was.
    pub fn is_cut(&self) -> bool {
        self.heard_ms < self.spoken_ms
    }
}

/// A conversation to store, with its ledger entry (`voice.started`).
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceOpening {
    /// The conversation, open.
    pub session: VoiceSession,
    /// Tells of it.
    pub entry: Entry,
}

/// A turn to store, with its ledger entry (`voice.turn`).
#[derive(Debug, Clone, PartialEq)]
pub struct NewTurn {
    /// The turn.
    pub turn: Turn,
    /// Tells of it.
    pub entry: Entry,
}

/// What is added to a conversation at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The conversation.
    pub id: VoiceSessionId,
    /// Whose it is.
    pub user: UserId,
    /// Turns that have become final. A turn with an index stored before changes nothing.
    pub turns: Vec<NewTurn>,
    /// All tokens used so far (not an increment, so that repeating it is harmless).
    pub usage: Usage,
    /// What they cost.
    pub cost_micros: Option<u64>,
    /// Now; the conversation's `last_seen_at`.
    pub at: Timestamp,
}

/// The end of a conversation, with its ledger entry (`voice.ended`).
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceClose {
    /// The conversation.
    pub id: VoiceSessionId,
    /// Whose it is.
    pub user: UserId,
    /// When it ended.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
    /// Tells of it.
    pub entry: Entry,
}

/// Keeps conversations. Each method that changes something is one transaction with its entries.
#[async_trait]
pub trait VoiceStore: Send + Sync {
    /// Stores a conversation that begins. `Already` for an id stored before.
    async fn open(&self, opening: &VoiceOpening) -> PortResult<Stored>;

    /// Adds turns and usage. Repeating it, or a part of it, changes nothing.
    async fn append(&self, append: &Append) -> PortResult<()>;

    /// Stores the end. `Already` when it had ended; nothing has changed then.
    async fn close(&self, close: &VoiceClose) -> PortResult<Stored>;

    /// The conversation, if it is this user's.
    async fn find(&self, user: UserId, id: VoiceSessionId) -> PortResult<Option<VoiceSession>>;

    /// Up to `limit` turns of a conversation of this user with an index of `from` or more, by
    /// index.
    async fn turns(
        &self,
        user: UserId,
        id: VoiceSessionId,
        from: u32,
        limit: u16,
    ) -> PortResult<Vec<Turn>>;

    /// The user's conversations, newest first, of one session of study where given.
    async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<VoiceSession>>;

    /// How long the user has talked in conversations that began at `since` or later; an open one
    /// counts up to its `last_seen_at`.
    async fn talked(&self, user: UserId, since: Timestamp) -> PortResult<TimeDelta>;

    /// Up to `limit` open conversations last seen before `before`, oldest first: their process
    /// died.
    async fn abandoned(&self, before: Timestamp, limit: u16) -> PortResult<Vec<VoiceSession>>;
}
