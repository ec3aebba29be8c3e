//! Objects that clients put themselves.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kernel::{Clock, Ids, PortError, PortResult, Timestamp, UserId};
use url::Url;

use crate::{
    Claimed, Lease, Leases, ObjectKey, ObjectStore, Promise, Sha256Digest, UploadLink, UploadLinks,
};

/// How many lost objects one round removes.
const AT_ONCE: u16 = 100;

/// Gives out upload links, checks what came behind them, and removes what nobody claimed.
#[derive(Clone)]
pub struct Uploads {
    ports: Arc<UploadPorts>,
    rules: UploadRules,
}

/// What [`Uploads`] works with.
pub struct UploadPorts {
    /// Signs upload links.
    pub links: Arc<dyn UploadLinks>,
    /// Keeps leases.
    pub leases: Arc<dyn Leases>,
    /// Keeps the objects.
    pub objects: Arc<dyn ObjectStore>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes the names of objects.
    pub ids: Arc<dyn Ids>,
}

/// Limits and waiting times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadRules {
    /// The largest object, in bytes.
    pub max_bytes: u64,
    /// How long an upload link works.
    pub link_ttl: Duration,
    /// How long after the end of its link an object that nobody claimed stays.
    pub grace: Duration,
}

impl Default for UploadRules {
    /// 10 MB, 15 min, 1 h.
    fn default() -> Self {
        Self {
            max_bytes: 10 * 1024 * 1024,
            link_ttl: Duration::from_mins(15),
            grace: Duration::from_hours(1),
        }
    }
}

/// What a client wants to put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadWanted {
    /// Media type.
    pub content_type: &'static str,
    /// The file name extension that goes with it.
    pub extension: &'static str,
    /// Size in bytes.
    pub size: u64,
    /// The checksum, where the client gives one.
    pub sha256: Option<Sha256Digest>,
}

/// Why no upload link was given.
#[derive(Debug, thiserror::Error)]
pub enum PresignError {
    /// An object of no bytes.
    #[error("the object has no bytes")]
    Empty,
    /// The object is larger than allowed.
    #[error("the object has more than {limit} bytes")]
    TooLarge {
        /// The most bytes allowed.
        limit: u64,
    },
    /// A port failed.
    #[error("no upload link could be made")]
    Port(#[from] PortError),
}

/// Why an object that a client has put is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ArrivalError {
    /// Nothing has been put there, or too late.
    #[error("nothing has arrived")]
    Missing,
    /// It is not what was promised: its `size`, `contentType` or `sha256` is another. It has been
    /// removed.
    #[error("what arrived has another {0} than was promised")]
    Mismatch(&'static str),
    /// A port failed.
    #[error("what arrived could not be checked")]
    Port(#[from] PortError),
}

impl Uploads {
    /// The facade over its ports.
    pub fn new(ports: UploadPorts, rules: UploadRules) -> Self {
        Self {
            ports: Arc::new(ports),
            rules,
        }
    }

    /// A link for this user to put an object, and the key it will have. A lease holds the key
    /// before the link is out.
    pub async fn presign(
        &self,
        user: UserId,
        wanted: UploadWanted,
    ) -> Result<(ObjectKey, UploadLink), PresignError> {
        let promise = self.promise(wanted)?;
        let now = self.ports.clock.now();
        let key = ObjectKey::upload(user, now, self.ports.ids.next(now), wanted.extension);
        let lease = Lease {
            key: key.clone(),
            until: end(now, self.rules.link_ttl + self.rules.grace),
            promise: Some(promise.clone()),
            is_claimed: false,
        };
        self.ports.leases.take(&lease).await?;
        let ttl = self.rules.link_ttl;
        let link = self
            .ports
            .links
            .upload_link(&key, &promise, now, ttl)
            .await?;
        Ok((key, link))
    }

    fn promise(&self, wanted: UploadWanted) -> Result<Promise, PresignError> {
        let limit = self.rules.max_bytes;
        match wanted.size {
            0 => Err(PresignError::Empty),
            size if size > limit => Err(PresignError::TooLarge { limit }),
            size => Ok(Promise {
                content_type: wanted.content_type.to_owned(),
                size,
                sha256: wanted.sha256,
            }),
        }
    }

    /// What was promised of an object that nobody has claimed yet, whose size is checked; `None` of
    /// one that no link was given out for, or that was claimed before.
    pub async fn arrived(&self, key: &ObjectKey) -> Result<Option<Promise>, ArrivalError> {
        let lease = self.ports.leases.find(key).await?;
        let open = lease.filter(|lease| !lease.is_claimed);
        let Some(promise) = open.and_then(|lease| lease.promise) else {
            return Ok(None);
        };
        let meta = self.ports.objects.head(key).await?;
        let meta = meta.ok_or(ArrivalError::Missing)?;
        if meta.size != promise.size {
            return self.refuse(key, "size").await;
        }
        if meta.content_type != promise.content_type {
            return self.refuse(key, "contentType").await;
        }
        Ok(Some(promise))
    }

    /// Claims an object whose bytes have been read: what its bytes are, told by content, and their
    /// checksum must be what was promised.
    pub async fn claim(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        (bytes, content_type): (&[u8], &str),
    ) -> Result<(), ArrivalError> {
        if bytes.len() as u64 != promise.size {
            return self.refuse(key, "size").await;
        }
        if content_type != promise.content_type {
            return self.refuse(key, "contentType").await;
        }
        if promise
            .sha256
            .is_some_and(|sha256| sha256 != Sha256Digest::of(bytes))
        {
            return self.refuse(key, "sha256").await;
        }
        match self.ports.leases.claim(key).await? {
            Claimed::Now => Ok(()),
            // By somebody else, unless it was removed meanwhile.
            Claimed::Before if self.ports.objects.head(key).await?.is_some() => Ok(()),
            Claimed::Before | Claimed::Lost => Err(ArrivalError::Missing),
        }
    }

    /// Removes an object that is not what was promised. The lease goes on: the right one may come,
    /// and nothing is put behind the link that nobody removes.
    async fn refuse<T>(&self, key: &ObjectKey, what: &'static str) -> Result<T, ArrivalError> {
        tracing::info!(key = %key, what, "what was put behind an upload link is not what was promised");
        self.ports.objects.delete(key).await?;
        Err(ArrivalError::Mismatch(what))
    }

    /// The object a URL of this store leads to, if it is this user's own, or if the URL is the
    /// upload link that was given out for it lately: whoever has it was given it by the owner.
    pub async fn linked(&self, user: UserId, url: &Url) -> PortResult<Option<ObjectKey>> {
        let Some(key) = self.ports.links.key_in(url) else {
            return Ok(None);
        };
        let may_see = key.owner() == Some(user) || self.gave_out(url, &key).await?;
        Ok(may_see.then_some(key))
    }

    /// Makes the link again, which gives the same one.
    async fn gave_out(&self, url: &Url, key: &ObjectKey) -> PortResult<bool> {
        let lease = self.ports.leases.find(key).await?;
        let Some((until, promise)) = lease.and_then(|lease| Some((lease.until, lease.promise?)))
        else {
            return Ok(false);
        };
        let UploadRules {
            link_ttl, grace, ..
        } = self.rules;
        let at = until - (link_ttl + grace);
        let link = self.ports.links.upload_link(key, &promise, at, link_ttl);
        Ok(link.await?.url == *url)
    }

    /// Removes objects whose leases have ended; returns how many leases went. One object that
    /// cannot be removed does not keep the others from it; the first failure is returned.
    pub async fn sweep(&self) -> PortResult<usize> {
        let lost = self.ports.leases.lose(self.ports.clock.now(), AT_ONCE);
        let (mut swept, mut failure) = (0, None);
        for key in lost.await? {
            match self.remove(&key).await {
                Ok(()) => swept += 1,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(swept), Err)
    }

    async fn remove(&self, key: &ObjectKey) -> PortResult<()> {
        self.ports.objects.delete(key).await?;
        self.ports.leases.forget(key).await
    }
}

fn end(now: Timestamp, after: Duration) -> Timestamp {
    let after = TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(after).unwrap_or(Timestamp::MAX_UTC)
}
