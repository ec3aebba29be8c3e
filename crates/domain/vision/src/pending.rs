//! What waits to be written.

use objects::ObjectKey;
use sessions::NewLearningEvent;

/// A learning event that the database has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEvent(pub NewLearningEvent);

/// An image that the object store has not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingObject {
    /// Where it belongs.
    pub key: ObjectKey,
    /// Its media type.
    pub content_type: String,
}
