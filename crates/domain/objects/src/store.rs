//! The object store's port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{PortError, PortResult, Timestamp};
use url::Url;

use crate::{KeyPrefix, ObjectKey, Promise};

/// What is known of a stored object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectMeta {
    /// Size in bytes.
    pub size: u64,
    /// Media type given when it was stored.
    pub content_type: String,
}

/// An object that was found by the beginning of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: ObjectKey,
    /// Size in bytes.
    pub size: u64,
}

/// A link that opens one object for a while, without any other credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where to GET the object.
    pub url: Url,
    /// When the link stops working.
    pub expires_at: Timestamp,
}

/// The bytes of an object that is too large to hold in memory: they are read in portions.
#[async_trait]
pub trait ObjectSource: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// The `length` bytes from `at` on; both ends lie within the size. Reading again gives the same.
    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes>;
}

/// Keeps objects. Writing the same key again replaces the object as a whole; a reader sees the
/// old or the new bytes, never a mixture.
#[async_trait]
pub trait ObjectStore: Send + Sync {
    /// Stores `body` under `key`; it is durable when this returns.
    async fn put(&self, key: &ObjectKey, content_type: &str, body: Bytes) -> PortResult<()>;

    /// Stores what `source` reads, as [`put`](Self::put) would, holding at most a few megabytes of
    /// it at a time. An object of which not everything could be read or sent is not there.
    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()>;

    /// The object's bytes; `None` if there is no such object.
    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>>;

    /// Up to `length` of the object's bytes from `at` on: fewer at its end, none behind it. `None`
    /// if there is no such object. Parts of an object that is replaced meanwhile need not fit.
    async fn get_part(&self, key: &ObjectKey, at: u64, length: usize) -> PortResult<Option<Bytes>>;

    /// Size and media type; `None` if there is no such object.
    async fn head(&self, key: &ObjectKey) -> PortResult<Option<ObjectMeta>>;

    /// Removes the object; removing what is not there succeeds.
    async fn delete(&self, key: &ObjectKey) -> PortResult<()>;

    /// Up to 1,000 of the objects whose keys begin with `prefix`, in an order of the store's own
    /// that never changes, after `after` where given, which may be gone by now; none at the end.
    async fn list(&self, prefix: &KeyPrefix, after: Option<&ObjectKey>) -> PortResult<Vec<Listed>>;

    /// A link to read `key`, valid from `now` for `ttl` (at most 7 days). Made without asking
    /// the store, so it is given for missing objects too.
    async fn link(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> PortResult<Link>;

    /// Whether the store answers and lets us write; for readiness.
    async fn check(&self) -> PortResult<()>;
}

/// A link that takes one object for a while, once, without any other credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadLink {
    /// Where to PUT the object.
    pub url: Url,
    /// Headers the request must carry, names in lower case; without any of them it is refused.
    pub headers: Vec<(String, String)>,
    /// When the link stops working.
    pub expires_at: Timestamp,
}

/// Signs links behind which clients put objects.
#[async_trait]
pub trait UploadLinks: Send + Sync {
    /// A link to put what is promised under `key`, valid from `now` for `ttl` (at most 7 days).
    /// Another type, size or checksum is refused, and so is a second object.
    async fn upload_link(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        now: Timestamp,
        ttl: Duration,
    ) -> PortResult<UploadLink>;

    /// The object to which a URL of this store leads, whoever has made it and whatever it is for;
    /// `None` for a URL of anything else.
    fn key_in(&self, url: &Url) -> Option<ObjectKey>;
}

/// Why an object behind an upload link is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveFault {
    /// It has another `size` or `sha256` than was promised.
    #[error("the object has another {0} than was promised")]
    Mismatch(&'static str),
    /// An object is there already.
    #[error("there is an object already")]
    Taken,
    /// The client stopped sending.
    #[error("the object broke off")]
    BrokenOff,
    /// It could not be written.
    #[error("the object could not be written")]
    Port(#[from] PortError),
}
