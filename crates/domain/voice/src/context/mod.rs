//! What is seen on the desk, on its way to the tutor.

mod hub;

use std::task::{Context, Poll};

use async_trait::async_trait;
use kernel::{LearningEventId, PortResult, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use sessions::LearningEvent;

pub use hub::ContextHub;

/// One analyzed image, as far as the tutor needs it. Serializable, because replicas tell each
/// other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextEntry {
    /// Whose desk it is.
    pub user: UserId,
    /// The session of study.
    pub session: SessionId,
    /// The learning event.
    pub event: LearningEventId,
    /// Canonical topic.
    pub topic: String,
    /// Finer label.
    pub subtopic: Option<String>,
    /// What can be read, at most [`ContextEntry::MAX_TEXT_CHARS`] characters.
    pub text: String,
    /// When the picture was taken.
    pub at: Timestamp,
}

impl ContextEntry {
    /// The most characters of text the tutor gets of one image.
    pub const MAX_TEXT_CHARS: usize = 600;

    /// What the tutor needs of a learning event.
    pub fn of(event: &LearningEvent) -> Self {
        let text = event.content.extracted_text.chars();
        Self {
            user: event.user,
            session: event.session,
            event: event.id,
            topic: event.topic.as_str().to_owned(),
            subtopic: event.content.subtopic.clone(),
            text: text.take(Self::MAX_TEXT_CHARS).collect(),
            at: event.captured_at,
        }
    }
}

/// Tells conversations, of whatever replica, what was seen. Called after an image was analyzed;
/// with nobody listening nothing happens.
#[async_trait]
pub trait ContextPublisher: Send + Sync {
    /// Tells those who listen to the entry's session.
    async fn publish(&self, entry: ContextEntry) -> PortResult<()>;
}

/// Where a conversation hears what was seen.
#[async_trait]
pub trait ContextFeed: Send + Sync {
    /// What is published for this session from now on, until the subscription is dropped.
    async fn subscribe(
        &self,
        user: UserId,
        session: SessionId,
    ) -> PortResult<Box<dyn ContextSubscription>>;
}

/// Hears of one session. Holds the newest few entries for a slow reader and forgets older ones.
pub trait ContextSubscription: Send {
    /// The next entry, oldest first. Never ends: a feed that is lost is taken up again by itself.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<ContextEntry>;
}
