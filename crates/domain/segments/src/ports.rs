//! What segments ask of others.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Page, PageRequest, PortResult, UserId};
use ledger::Entry;
use objects::{ObjectKey, ObjectSource};

use crate::{Label, Segment, SegmentPlace};

/// Where bytes are put aside while they arrive. Nothing here outlives the process.
#[async_trait]
pub trait Scratch: Send + Sync {
    /// An empty draft. [`kernel::Fault::Full`] when no room is left.
    async fn begin(&self) -> PortResult<Box<dyn Draft>>;
}

/// Bytes put aside; dropped, they are gone.
#[async_trait]
pub trait Draft: Send + Sync {
    /// Puts more aside. [`kernel::Fault::Full`] when no room is left.
    async fn append(&mut self, more: Bytes) -> PortResult<()>;

    /// All of it, to be read in portions; gone when dropped.
    async fn finish(self: Box<Self>) -> PortResult<Arc<dyn ObjectSource>>;
}

/// Hears of stored images that segments name.
#[async_trait]
pub trait ImageWatcher: Send + Sync {
    /// Called in a task of its own: no answer waits for it, a failure is logged and changes
    /// nothing.
    async fn named(&self, owner: UserId, image: &ObjectKey) -> PortResult<()>;
}

/// What became of a segment that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The sound of the segment before at this place, which nothing names any more.
    pub discarded: Option<ObjectKey>,
}

/// Keeps segments.
#[async_trait]
pub trait SegmentStore: Send + Sync {
    /// Keeps the segment in place of the one before, with its entry, in one transaction, which
    /// also claims sound and image and takes a lease that has ended on the sound before. What is
    /// first received at a place stays its `created_at`. An image that is named as before stays
    /// found.
    ///
    /// # Errors
    /// `Unavailable` when the lease on the sound was lost: it must be sent again.
    async fn put(&self, segment: &Segment, entry: &Entry) -> PortResult<Kept>;

    /// The user's segments of a session, newest first.
    async fn list(
        &self,
        user: UserId,
        session: &Label,
        page: PageRequest,
    ) -> PortResult<Page<Segment>>;

    /// The places of all the user's segments of a session, in any order.
    async fn places(&self, user: UserId, session: &Label) -> PortResult<Vec<SegmentPlace>>;
}
