//! The desk over the facades of study.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, LearningEventId, PageRequest, PortResult, SessionId, UserId};
use sessions::{Bookmarks, EventStore, Profiles, SessionError, Sessions};
use topics::Topics;

use crate::ContextEntry;
use crate::desk::tools::{self, TOOLS};
use crate::desk::{Desk, Seat, SeatError};
use crate::model::{CallRequest, ToolSpec};
use crate::relay::ToolResult;

/// The desk of this product.
#[derive(Clone)]
pub struct StudyDesk {
    /// Finds, starts and ends sessions, counts help.
    pub sessions: Sessions,
    /// Makes bookmarks.
    pub bookmarks: Bookmarks,
    /// Knows study times.
    pub topics: Topics,
    /// Knows time zones.
    pub profiles: Profiles,
    /// Finds pictures.
    pub events: Arc<dyn EventStore>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Desk for StudyDesk {
    async fn sit_down(&self, user: UserId, session: Option<SessionId>) -> Result<Seat, SeatError> {
        let session = match session {
            Some(id) => self.sessions.require_active(user, id).await?.id,
            None => match self.sessions.active(user).await? {
                Some(running) => running.id,
                None => self.sessions.start(user).await?.id,
            },
        };
        let zone = self.profiles.get(user).await?.zone;
        Ok(Seat { session, zone })
    }

    async fn seen(
        &self,
        user: UserId,
        session: SessionId,
        limit: u16,
    ) -> PortResult<Vec<ContextEntry>> {
        let page = PageRequest::new(limit, None);
        let events = self.events.list(user, session, page).await?;
        Ok(events.items.iter().map(ContextEntry::of).collect())
    }

    async fn picture(&self, user: UserId, id: LearningEventId) -> PortResult<Option<ContextEntry>> {
        let event = self.events.find(user, id).await?;
        Ok(event.as_ref().map(ContextEntry::of))
    }

    fn tools(&self) -> &'static [ToolSpec] {
        TOOLS
    }

    async fn run(&self, user: UserId, session: SessionId, call: CallRequest) -> ToolResult {
        tools::run(self, user, session, call).await
    }
}

impl From<SessionError> for SeatError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::NotFound,
            SessionError::Inactive => Self::Ended,
            SessionError::Port(error) => Self::Port(error),
        }
    }
}
