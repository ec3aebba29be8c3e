//! Why a segment was not kept, or segments not listed.

use kernel::PortError;
use sessions::SessionError;

/// What a caller can act on when a segment was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// There is neither an image nor sound.
    #[error("signedUrl or audioBase64 required")]
    Empty,
    /// The body is no JSON object of the right members.
    #[error("the JSON body does not fit: {0}")]
    Malformed(String),
    /// A member has a value it must not have.
    #[error("{0} {1}")]
    Field(&'static str, &'static str),
    /// The sound, or what stands beside it, is too long.
    #[error("more than {limit} bytes of audio, or too much beside it")]
    TooLarge {
        /// The most bytes of sound.
        limit: usize,
    },
    /// The bytes are in no container that is known.
    #[error("audioBase64 holds no M4A, AAC, MP3, WAV, Ogg or WebM file")]
    NotSound,
    /// Neither the local disk nor the object store takes the sound.
    #[error("the sound could not be stored")]
    Storage(#[source] PortError),
    /// The database failed.
    #[error("the segment could not be stored")]
    Port(#[from] PortError),
}

/// Why segments were not listed.
#[derive(Debug, thiserror::Error)]
pub enum SegmentListError {
    /// The user has no session of this name, and no segment in one.
    #[error("no such session")]
    SessionNotFound,
    /// A port failed.
    #[error("segments could not be read")]
    Port(#[from] PortError),
}

impl From<SessionError> for SegmentListError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound | SessionError::Inactive => Self::SessionNotFound,
            SessionError::Port(error) => Self::Port(error),
        }
    }
}
