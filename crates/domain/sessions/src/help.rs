//! Requests for help.

use kernel::{HelpRequestId, PortError, SessionId, Timestamp, UserId, Zone};
use topics::TopicName;

/// The student asked for help once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRequest {
    /// Its id.
    pub id: HelpRequestId,
    /// Whose it is.
    pub user: UserId,
    /// The session it happened in.
    pub session: Option<SessionId>,
    /// Canonical topic.
    pub topic: TopicName,
    /// When.
    pub at: Timestamp,
    /// The user's time zone, which tells the day it counts for.
    pub zone: Zone,
}

/// Why a request for help was not counted.
#[derive(Debug, thiserror::Error)]
pub enum HelpError {
    /// The user has no such session.
    #[error("no such session")]
    SessionNotFound,
    /// A port failed.
    #[error("the request for help could not be counted")]
    Port(#[from] PortError),
}
