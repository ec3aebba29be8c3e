//! What a change is about.

use kernel::{JobId, SessionId};

use crate::Change;

impl Change {
    /// The session it names, if it names one.
    pub const fn session(&self) -> Option<SessionId> {
        match self {
            Self::SessionStarted(change) => Some(change.session_id),
            Self::SessionEnded(change) => Some(change.session_id),
            Self::LearningEventRecorded(change) => Some(change.session_id),
            Self::HelpCounted(change) => change.session_id,
            Self::VoiceStarted(change) => Some(change.session_id),
            _ => None,
        }
    }

    /// The job it is about, if it is about one.
    pub const fn job(&self) -> Option<JobId> {
        match self {
            Self::JobAccepted(change) => Some(change.job_id),
            Self::JobEnded(change) => Some(change.job_id),
            _ => None,
        }
    }
}
