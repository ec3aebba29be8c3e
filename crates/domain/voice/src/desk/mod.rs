//! The student's desk, as a conversation needs it: the session of study, what was seen, and what
//! the tutor may do. [`StudyDesk`] is it, over the facades of study.

mod study;
mod tools;

use async_trait::async_trait;
use kernel::{LearningEventId, PortError, PortResult, SessionId, UserId, Zone};

pub use study::StudyDesk;

use crate::ContextEntry;
use crate::model::{CallRequest, ToolSpec};
use crate::relay::ToolResult;

/// Where a student sits. Everything is done as the user, never more.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The session of study to talk in: this one, else the user's running one, else a new one.
    async fn sit_down(&self, user: UserId, session: Option<SessionId>) -> Result<Seat, SeatError>;

    /// Up to `limit` of the newest pictures of a session, in any order.
    async fn seen(
        &self,
        user: UserId,
        session: SessionId,
        limit: u16,
    ) -> PortResult<Vec<ContextEntry>>;

    /// One picture, if it is this user's.
    async fn picture(&self, user: UserId, id: LearningEventId) -> PortResult<Option<ContextEntry>>;

    /// What the model may call.
    fn tools(&self) -> &'static [ToolSpec];

    /// Runs a tool. A failure is a result too: the tutor tells the student.
    async fn run(&self, user: UserId, session: SessionId, call: CallRequest) -> ToolResult;
}

/// Where the student sits now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The session of study, which has not ended.
    pub session: SessionId,
    /// The user's time zone.
    pub zone: Zone,
}

/// Why there is no seat.
#[derive(Debug, thiserror::Error)]
pub enum SeatError {
    /// The user has no such session.
    #[error("no such session")]
    NotFound,
    /// It has ended.
    #[error("the session has ended")]
    Ended,
    /// A port failed.
    #[error("the session could not be read or started")]
    Port(#[from] PortError),
}

/// How a tool's call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolOutcome {
    /// It did what was asked.
    Done,
    /// It could not; the output says why.
    Failed,
    /// It did, and the conversation ends when the tutor has said good-bye.
    EndsConversation,
}
