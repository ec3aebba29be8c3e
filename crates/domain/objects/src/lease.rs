//! Keys that no row names yet, or none any more.

use async_trait::async_trait;
use kernel::{PortResult, Timestamp};

use crate::{ObjectKey, Sha256Digest};

/// Holds a key until a row names its object. An object whose lease has ended is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The object's key.
    pub key: ObjectKey,
    /// When the lease ends.
    pub until: Timestamp,
    /// What a client said it would put there; `None` where the server itself puts it.
    pub promise: Option<Promise>,
    /// A row names the object: it stays when the lease ends. Until then the lease tells what was
    /// promised.
    pub is_claimed: bool,
}

/// What a client says it will put behind an upload link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Media type.
    pub content_type: String,
    /// Size in bytes.
    pub size: u64,
    /// The checksum, where the client gave one.
    pub sha256: Option<Sha256Digest>,
}

/// What became of an object that was to be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is claimed now.
    Now,
    /// No open lease holds it: it was claimed before.
    Before,
    /// Its lease was given up for lost: the object is being removed.
    Lost,
}

/// Keeps leases. Whatever makes a row name an object claims it in the same transaction;
/// whatever makes a row let go of one takes a lease that has ended already.
///
/// A lease outlives the erasure of its user: a link given out before still takes an object then,
/// which goes with the lease.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes a lease, before anything is put there.
    async fn take(&self, lease: &Lease) -> PortResult<()>;

    /// The lease on this key, unless its object is being removed.
    async fn find(&self, key: &ObjectKey) -> PortResult<Option<Lease>>;

    /// Claims the object: it stays.
    async fn claim(&self, key: &ObjectKey) -> PortResult<Claimed>;

    /// Gives up to `limit` open leases up for lost that ended before `now`; from then on nobody can
    /// claim their objects. Names them, and those given up for lost before whose objects may be
    /// there still. Leases of claimed objects that ended before `now` are forgotten.
    async fn lose(&self, now: Timestamp, limit: u16) -> PortResult<Vec<ObjectKey>>;

    /// Forgets a lost lease whose object is gone.
    async fn forget(&self, key: &ObjectKey) -> PortResult<()>;
}
