//! What changes when somebody talks with the tutor. The words themselves stay in the transcript:
//! what is erased there must not live on here.

use kernel::{SessionId, Timestamp, VoiceSessionId};
use serde::{Deserialize, Serialize};

/// A conversation began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceStarted {
    /// The conversation.
    pub voice_session_id: VoiceSessionId,
    /// The session of study it belongs to.
    pub session_id: SessionId,
    /// When.
    pub started_at: Timestamp,
}

/// Somebody said something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceTurn {
    /// The conversation.
    pub voice_session_id: VoiceSessionId,
    /// Its place in the transcript.
    pub index: u32,
    /// `user` or `assistant`.
    pub role: String,
    /// When it began.
    pub at: Timestamp,
    /// How much of an answer's sound was heard.
    pub heard_ms: Option<u32>,
}

/// A conversation ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceEnded {
    /// The conversation.
    pub voice_session_id: VoiceSessionId,
    /// When.
    pub ended_at: Timestamp,
    /// Why, as a short code.
    pub reason: String,
}
