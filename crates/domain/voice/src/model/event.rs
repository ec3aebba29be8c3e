//! What a model tells.

use bytes::Bytes;
use kernel::Timestamp;

use crate::model::CommandKind;
use crate::{CallId, ItemId, ResponseId, Usage};

/// One thing a realtime model tells.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelEvent {
    /// The session exists: key and model were accepted. Always the first event.
    SessionCreated {
        /// When the provider will end it, if it says so.
        expires_at: Option<Timestamp>,
    },
    /// Settings were accepted.
    SessionUpdated,
    /// The student began to speak.
    SpeechStarted {
        /// The item that will hold it.
        item: ItemId,
    },
    /// The student fell silent.
    SpeechStopped {
        /// The item that holds it.
        item: ItemId,
    },
    /// The spoken turn is part of the conversation. A model that never says so is fine.
    SpeechCommitted {
        /// The item that holds it.
        item: ItemId,
    },
    /// More of the transcript of what the student said; may come any time later.
    InputTranscriptDelta {
        /// The student's item.
        item: ItemId,
        /// What is appended.
        text: String,
    },
    /// The whole transcript of what the student said.
    InputTranscriptDone {
        /// The student's item.
        item: ItemId,
        /// All of it; empty when there was no speech.
        text: String,
    },
    /// What the student said could not be transcribed.
    InputTranscriptFailed {
        /// The student's item.
        item: ItemId,
    },
    /// An answer begins.
    ResponseCreated {
        /// The response.
        response: ResponseId,
    },
    /// The answer has an item to speak in (not for calls of tools).
    AnswerItemAdded {
        /// The response.
        response: ResponseId,
        /// The item.
        item: ItemId,
    },
    /// More of an answer's sound.
    AnswerAudio {
        /// The response.
        response: ResponseId,
        /// The item.
        item: ItemId,
        /// Which content of the item.
        content_index: u32,
        /// PCM16 little-endian, 24 kHz, whole samples.
        pcm: Bytes,
    },
    /// The answer's sound is complete.
    AnswerAudioDone {
        /// The response.
        response: ResponseId,
        /// The item.
        item: ItemId,
    },
    /// More of an answer's words (spoken or, in a text answer, written).
    AnswerTranscriptDelta {
        /// The response.
        response: ResponseId,
        /// The item.
        item: ItemId,
        /// What is appended.
        text: String,
    },
    /// All of an answer's words.
    AnswerTranscriptDone {
        /// The response.
        response: ResponseId,
        /// The item.
        item: ItemId,
        /// All of them.
        text: String,
    },
    /// The model wants a tool to run.
    FunctionCall(CallRequest),
    /// An answer has ended.
    ResponseDone {
        /// The response.
        response: ResponseId,
        /// How.
        status: ResponseStatus,
        /// What it cost, if told; cancelled answers cost too.
        usage: Option<Usage>,
    },
    /// An answer was cut as asked; may come much later.
    Truncated {
        /// The item.
        item: ItemId,
    },
    /// An item was removed.
    Deleted {
        /// The item.
        item: ItemId,
    },
    /// Something is wrong; [`ModelError::class`] tells what follows.
    Error(ModelError),
    /// How much may still be asked.
    RateLimits {
        /// Tokens left, if told.
        remaining_tokens: Option<u64>,
        /// When the count starts again, in milliseconds.
        reset_ms: Option<u64>,
    },
    /// The other side is alive (an answer to [`ModelLink::ping`](crate::model::ModelLink::ping)).
    Pong,
    /// An event this build does not know; to be ignored.
    Unknown {
        /// Its name.
        name: String,
    },
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRequest {
    /// The response it is part of.
    pub response: ResponseId,
    /// Names the call in its output.
    pub call: CallId,
    /// The tool.
    pub name: String,
    /// The arguments as JSON text, as the model wrote them.
    pub arguments: String,
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseStatus {
    /// To its end.
    Completed,
    /// Because the student spoke or somebody asked for it.
    Cancelled,
    /// Mid-sentence: a length limit or a filter.
    Incomplete {
        /// `max_output_tokens`, `content_filter`, …
        reason: String,
    },
    /// It could not be made.
    Failed {
        /// The provider's code.
        code: String,
    },
}

impl ResponseStatus {
    /// The name the client gets.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Incomplete { .. } => "incomplete",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What an error means for the session. The adapter decides: only it knows the provider's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// The outcome of a race that hurts nobody (cancelling what has ended, an item that is gone).
    Benign,
    /// The command had no effect; the session goes on.
    Rejected,
    /// The session ends (its time is over); a new one will work.
    SessionEnds,
    /// No session will work: key, model, quota. Never retried.
    Fatal,
}

/// An error the model reports inside a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelError {
    /// The provider's code, or its type when it has no code.
    pub code: String,
    /// The provider's words; for logs, never with secrets.
    pub message: String,
    /// Which command it is about.
    pub about: Option<CommandKind>,
    /// What it means.
    pub class: ErrorClass,
}
