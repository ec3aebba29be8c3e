//! Sound as it is kept, and the port.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{PortResult, Timestamp, VoiceSessionId};
use objects::{Link, ObjectKey};

/// One direction of a conversation. Mono 16-bit PCM, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Track {
    /// What the student said, 16 kHz.
    Input,
    /// What was sent to the device, 24 kHz.
    Output,
}

impl Track {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Input, Self::Output];

    /// Samples per second.
    pub const fn sample_rate_hz(self) -> u32 {
        match self {
            Self::Input => 16_000,
            Self::Output => 24_000,
        }
    }

    /// The file's name.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Input => "input.wav",
            Self::Output => "output.wav",
        }
    }

    /// Where the finished recording is kept: `voice/{id}/input.wav` or `…/output.wav`.
    pub fn key(self, id: VoiceSessionId) -> ObjectKey {
        ObjectKey::recording(id, self.file_name())
    }
}

/// Keeps sound while a conversation goes on and after it.
#[async_trait]
pub trait Recordings: Send + Sync {
    /// Begins to record.
    async fn begin(&self, id: VoiceSessionId) -> PortResult<Box<dyn Recording>>;

    /// Finishes up to `limit` recordings whose process died: what was appended becomes a valid WAV
    /// under its final key. Recordings in progress, of other processes too, are left alone.
    /// Returns those finished.
    async fn recover(&self, limit: u16) -> PortResult<Vec<VoiceSessionId>>;

    /// Links to the finished tracks there are of a conversation, valid from `now` for `ttl`.
    async fn links(
        &self,
        id: VoiceSessionId,
        now: Timestamp,
        ttl: Duration,
    ) -> PortResult<Vec<(Track, Link)>>;
}

/// A recording in progress. What was appended survives the process: dropped without
/// [`finish`](Self::finish) it is left for [`Recordings::recover`].
#[async_trait]
pub trait Recording: Send {
    /// Appends sound (whole samples). Never waits and never fails here: an implementation holds at
    /// most 32 KiB in memory before it is written, and tells of a failure in
    /// [`finish`](Self::finish).
    fn append(&mut self, track: Track, pcm: &[u8]);

    /// Writes what is left and puts both tracks under their final keys, or hands that to a task of
    /// its own. A track without sound is not kept.
    async fn finish(self: Box<Self>) -> PortResult<Recorded>;
}

/// How much was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Bytes of sound from the student.
    pub input_bytes: u64,
    /// Bytes of sound to the device.
    pub output_bytes: u64,
    /// Bytes of either that a slow or full disk did not take; they are missing.
    pub lost_bytes: u64,
}
