//! What a model is told.

use bytes::Bytes;

use crate::model::SessionConfig;
use crate::{CallId, ItemId, ResponseId};

/// One thing to tell the model. Commands arrive in the order they were sent.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelCommand {
    /// Replace all settings of the session; answered by
    /// [`ModelEvent::SessionUpdated`](crate::model::ModelEvent::SessionUpdated).
    Configure(Box<SessionConfig>),
    /// Replace the instructions and nothing else; answered like [`Configure`](Self::Configure).
    Instruct(String),
    /// More of what the student says: 960 bytes of PCM, 20 ms.
    AppendAudio(Bytes),
    /// The audio appended so far is a turn; for sessions without turn detection.
    CommitAudio,
    /// Forget the audio appended and not yet made a turn.
    ClearAudio,
    /// Add an item at the end of the conversation. No response follows by itself.
    Add {
        /// Its id, at most 32 characters; `None` lets the model choose.
        id: Option<ItemId>,
        /// The item.
        item: NewItem,
    },
    /// Remove an item.
    Delete(ItemId),
    /// Forget what follows the first `ms` of an answer's audio, and its transcript.
    Truncate {
        /// The answer.
        item: ItemId,
        /// Which content of the item holds the audio.
        content_index: u32,
        /// How much was heard, in milliseconds; never more than the model has sent.
        ms: u32,
    },
    /// Answer now.
    CreateResponse,
    /// Stop answering: this response, or the one in progress.
    CancelResponse(Option<ResponseId>),
}

/// An item to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewItem {
    /// The student, in writing.
    UserText(String),
    /// Something the tutor said, restored as text.
    TutorText(String),
    /// A fact from the system.
    System(String),
    /// The result of a tool, as JSON.
    CallOutput {
        /// Which call it answers.
        call: CallId,
        /// The result as JSON text.
        output: String,
    },
}

/// The kinds of commands, as an error names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// [`ModelCommand::Configure`].
    Configure,
    /// [`ModelCommand::Instruct`].
    Instruct,
    /// [`ModelCommand::AppendAudio`].
    AppendAudio,
    /// [`ModelCommand::CommitAudio`].
    CommitAudio,
    /// [`ModelCommand::ClearAudio`].
    ClearAudio,
    /// [`ModelCommand::Add`].
    Add,
    /// [`ModelCommand::Delete`].
    Delete,
    /// [`ModelCommand::Truncate`].
    Truncate,
    /// [`ModelCommand::CreateResponse`].
    CreateResponse,
    /// [`ModelCommand::CancelResponse`].
    CancelResponse,
}

impl ModelCommand {
    /// Its kind. An adapter sends [`CommandKind::as_str`] as the event's id (audio needs none),
    /// so that an error tells which command it is about.
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Configure(_) => CommandKind::Configure,
            Self::Instruct(_) => CommandKind::Instruct,
            Self::AppendAudio(_) => CommandKind::AppendAudio,
            Self::CommitAudio => CommandKind::CommitAudio,
            Self::ClearAudio => CommandKind::ClearAudio,
            Self::Add { .. } => CommandKind::Add,
            Self::Delete(_) => CommandKind::Delete,
            Self::Truncate { .. } => CommandKind::Truncate,
            Self::CreateResponse => CommandKind::CreateResponse,
            Self::CancelResponse(_) => CommandKind::CancelResponse,
        }
    }
}

impl CommandKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Configure,
        Self::Instruct,
        Self::AppendAudio,
        Self::CommitAudio,
        Self::ClearAudio,
        Self::Add,
        Self::Delete,
        Self::Truncate,
        Self::CreateResponse,
        Self::CancelResponse,
    ];

    /// The name used as the event's id.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configure => "configure",
            Self::Instruct => "instruct",
            Self::AppendAudio => "append_audio",
            Self::CommitAudio => "commit_audio",
            Self::ClearAudio => "clear_audio",
            Self::Add => "add_item",
            Self::Delete => "delete_item",
            Self::Truncate => "truncate_item",
            Self::CreateResponse => "create_response",
            Self::CancelResponse => "cancel_response",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
