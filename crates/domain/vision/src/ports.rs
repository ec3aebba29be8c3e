//! Where things wait when the other side is away.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{LearningEventId, PortResult, SessionId, Timestamp, UserId};
use objects::ObjectKey;
use sessions::Session;

use crate::pending::{PendingEvent, PendingObject};

/// What waits in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// How many.
    pub count: usize,
    /// What they take on disk, in bytes.
    pub bytes: u64,
}

/// Learning events waiting for the database, on local disk. Bounded; a full journal answers
/// [`kernel::Fault::Full`].
#[async_trait]
pub trait Journal: Send + Sync {
    /// Keeps the event; it is on disk (fsync) when this returns. The same event again replaces it.
    async fn append(&self, event: &PendingEvent) -> PortResult<()>;

    /// Forgets an event that is written; forgetting an unknown one succeeds.
    async fn remove(&self, id: LearningEventId) -> PortResult<()>;

    /// The ids of up to `limit` waiting events, oldest first.
    async fn waiting(&self, limit: usize) -> PortResult<Vec<LearningEventId>>;

    /// The session of a waiting event, if it is this user's; `None` when none of its events waits.
    /// Answers at once, from memory.
    async fn session(&self, user: UserId, id: SessionId) -> PortResult<Option<Session>>;

    /// A waiting event; `None` if it is gone. One that cannot be read is
    /// [`kernel::Fault::Corrupt`].
    async fn read(&self, id: LearningEventId) -> PortResult<Option<PendingEvent>>;

    /// Moves an event that can never be written out of the way, without deleting it.
    async fn set_aside(&self, id: LearningEventId) -> PortResult<()>;

    /// Whether new work may be taken on: there is room for one more event, and none has waited for
    /// longer than it may. What was taken on before is still kept, as far as there is room.
    async fn has_room(&self) -> PortResult<bool>;

    /// Since when the event has waited that waits longest; `None` when none does.
    async fn oldest(&self) -> PortResult<Option<Timestamp>>;

    /// How much waits; what was set aside does not count.
    async fn held(&self) -> PortResult<Held>;
}

/// Images waiting for the object store, on local disk. Bounded; a full spool answers
/// [`kernel::Fault::Full`].
#[async_trait]
pub trait Spool: Send + Sync {
    /// Keeps the image; it is on disk (fsync) when this returns.
    async fn keep(&self, object: &PendingObject, body: Bytes) -> PortResult<()>;

    /// Up to `limit` waiting images, oldest first.
    async fn waiting(&self, limit: usize) -> PortResult<Vec<PendingObject>>;

    /// How much waits; what was set aside does not count.
    async fn held(&self) -> PortResult<Held>;

    /// Whether an image of so many bytes may come to wait: there is room for it, and none has
    /// waited for longer than it may.
    async fn has_room(&self, bytes: u64) -> PortResult<bool>;

    /// Since when the image has waited that waits longest; `None` when none does.
    async fn oldest(&self) -> PortResult<Option<Timestamp>>;

    /// Moves an image that the store never takes out of the way, without deleting it.
    async fn set_aside(&self, key: &ObjectKey) -> PortResult<()>;

    /// The bytes of a waiting image; `None` if it is not waiting.
    async fn read(&self, key: &ObjectKey) -> PortResult<Option<Bytes>>;

    /// Forgets an image that is stored; forgetting an unknown one succeeds.
    async fn remove(&self, key: &ObjectKey) -> PortResult<()>;
}
