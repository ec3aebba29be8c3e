//! What a device is told.

use kernel::{Timestamp, VoiceSessionId};

use crate::client::AudioFormat;
use crate::model::ResponseStatus;
use crate::{ItemId, Usage, VoiceError};

/// A message to the device, in the protocol's words. Audio goes beside them as binary frames.
#[derive(Debug, Clone, PartialEq)]
pub enum ServerMessage {
    /// The model listens.
    Ready {
        /// Names the conversation in the API.
        voice_session: VoiceSessionId,
        /// What is expected.
        input: AudioFormat,
        /// What is sent.
        output: AudioFormat,
    },
    /// The student began to speak.
    SpeechStarted,
    /// The student fell silent.
    SpeechStopped,
    /// Words of either side.
    Transcript {
        /// Whose.
        role: Speaker,
        /// The item they belong to.
        item: ItemId,
        /// What is appended; when final, all of it, cut to what was heard.
        text: String,
        /// Nothing more follows for this item.
        stage: Stage,
    },
    /// An answer begins; binary frames that follow are its sound, in order of items.
    ResponseStarted {
        /// The answer's item, as `played` names it.
        item: ItemId,
    },
    /// An answer has been made; it may still be playing.
    ResponseDone {
        /// How it ended.
        status: ResponseStatus,
        /// What it cost.
        usage: Option<Usage>,
    },
    /// Stop playing and forget what is queued.
    Interrupted {
        /// The answer that was cut.
        item: ItemId,
        /// How much of it counts as heard, in milliseconds.
        heard_ms: u32,
    },
    /// What the tutor knows of the desk.
    Context {
        /// Newest first, at most five.
        entries: Vec<ContextView>,
    },
    /// Audio was dropped.
    Backpressure {
        /// Frames of 20 ms since the last such message.
        dropped_frames: u64,
    },
    /// The model's session was lost or is being renewed; audio is kept for 5 s.
    Reconnecting,
    /// The model listens again.
    Resumed,
    /// A tool ran.
    Tool {
        /// Which.
        name: String,
        /// What became of it.
        status: ToolStatus,
    },
    /// Answers `ping`.
    Pong,
    /// Something is wrong; a fatal one is followed by the close.
    Error(VoiceError),
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The student.
    Student,
    /// The tutor.
    Tutor,
}

impl Speaker {
    /// The name in protocol and storage: `user` or `assistant`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Student => "user",
            Self::Tutor => "assistant",
        }
    }

    /// The speaker of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Student, Self::Tutor]
            .into_iter()
            .find(|speaker| speaker.as_str() == name)
    }
}

/// How far a transcript is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A piece; more follows.
    Partial,
    /// All of it.
    Final,
}

/// What became of a tool's call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolStatus {
    /// It runs.
    Started,
    /// It did what was asked.
    Done,
    /// It could not.
    Failed,
}

impl ToolStatus {
    /// The protocol's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One thing seen on the desk, as the device is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextView {
    /// Canonical topic.
    pub topic: String,
    /// Finer label.
    pub subtopic: Option<String>,
    /// When the picture was taken.
    pub at: Timestamp,
}
