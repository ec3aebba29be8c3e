//! What a device says.

use bytes::Bytes;
use kernel::{LearningEventId, SessionId};

use crate::ItemId;
use crate::client::AudioFormat;

/// What comes from a device.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientEvent {
    /// A binary frame as it came; its length is checked by the relay.
    Audio(Bytes),
    /// A message.
    Message(ClientMessage),
    /// A text frame that is no message of the protocol.
    Unreadable(BadMessage),
    /// A message of a type that the protocol does not have.
    Unknown {
        /// What it calls itself.
        name: String,
    },
    /// A message longer than this; nothing can be read after it.
    TooLong {
        /// The most bytes a message may have.
        limit: usize,
    },
    /// The user's access has ended.
    SignedOut,
    /// A sign of life below the protocol (WebSocket ping or pong).
    Alive,
}

/// A message of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientMessage {
    /// How the device wants to talk; taken as long as no audio has come.
    Start(Start),
    /// The student, in writing.
    Text(String),
    /// The student pressed stop.
    Interrupt,
    /// How much of an answer was heard so far.
    Played {
        /// The answer.
        item: ItemId,
        /// Milliseconds from its start.
        ms: u32,
    },
    /// Look at this picture.
    Image(LearningEventId),
    /// Asks for a pong.
    Ping,
    /// Good-bye.
    End,
}

/// How a device wants to talk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Start {
    /// The session of study it belongs to.
    pub session: Option<SessionId>,
    /// What the device sends; [`AudioFormat::INPUT`] when absent.
    pub input: Option<AudioFormat>,
    /// What the device wants; [`AudioFormat::OUTPUT`] when absent.
    pub output: Option<AudioFormat>,
    /// The tutor's voice.
    pub voice: Option<VoiceName>,
    /// The language spoken.
    pub language: Option<Language>,
}

/// A text frame that is no message of the protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMessage(
    /// What is wrong, for the developer of the device.
    pub String,
);

/// The name of a voice: 1 to 64 letters, digits, `-` or `_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceName(String);

/// A language: two or three lower-case letters, perhaps with a region (`de`, `pt-BR`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(String);

impl VoiceName {
    /// The name.
    ///
    /// # Errors
    /// [`BadMessage`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadMessage> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadMessage(
                "voice is a name of 1 to 64 letters, digits, - or _".to_owned(),
            ))
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Language {
    /// The language of this tag.
    ///
    /// # Errors
    /// [`BadMessage`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadMessage> {
        let (name, region) = text.split_once('-').unwrap_or((text, "XX"));
        let named = (2..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase());
        let placed =
            (2..=4).contains(&region.len()) && region.bytes().all(|b| b.is_ascii_alphanumeric());
        if named && placed {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadMessage(
                "language is a tag such as en or pt-BR".to_owned(),
            ))
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without its region, ISO 639.
    pub fn base(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}
