//! An object store that keeps nothing of erased users.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_channel::oneshot;
use futures_util::future::{BoxFuture, Either, select};
use kernel::{Fault, PortError, PortResult, Tasks, Timer, Timestamp};
use objects::{KeyPrefix, Link, Listed, ObjectKey, ObjectMeta, ObjectSource, ObjectStore};

use crate::ports::{ASK_WITHIN, Erasures};

/// Asks after each put whether the user was erased meanwhile, and takes the object away again if
/// so. An erasure first marks its user and then lists the objects: a put that was complete before
/// the mark is listed, and any other one sees the mark here. So none is left, in whatever order
/// things happen.
///
/// A put goes on to its end even if the caller goes away, so that its question is always asked.
#[derive(Clone)]
pub struct MarkedStore {
    objects: Arc<dyn ObjectStore>,
    erasures: Arc<dyn Erasures>,
    tasks: Arc<dyn Tasks>,
    timer: Arc<dyn Timer>,
}

impl MarkedStore {
    /// The store with the question in front.
    pub fn new(
        objects: Arc<dyn ObjectStore>,
        erasures: Arc<dyn Erasures>,
        tasks: Arc<dyn Tasks>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        Self {
            objects,
            erasures,
            tasks,
            timer,
        }
    }

    /// Carries a put out and asks, both in a task of their own.
    async fn put_and_ask(
        &self,
        key: &ObjectKey,
        put: BoxFuture<'static, PortResult<()>>,
    ) -> PortResult<()> {
        let (done, outcome) = oneshot::channel();
        let (this, key) = (self.clone(), key.clone());
        let task = async move {
            let stored = match put.await {
                Ok(()) => this.ask(&key).await,
                failed => failed,
            };
            if let Err(Err(error)) = done.send(stored) {
                tracing::warn!(key = %key, error = &error as &dyn std::error::Error,
                    "object was not kept, and nobody waits to hear of it");
            }
        };
        self.tasks.spawn("put object", Box::pin(task));
        let stopped = PortError::bare(Fault::Unavailable, "put object: broken off");
        outcome.await.unwrap_or(Err(stopped))
    }

    /// Takes an object away again whose user was erased meanwhile.
    async fn ask(&self, key: &ObjectKey) -> PortResult<()> {
        let refusal = match self.is_erased(key).await {
            Ok(false) => return Ok(()),
            Ok(true) => PortError::bare(Fault::Gone, "put object: its user was erased"),
            // Not known: the caller keeps the bytes elsewhere and comes again.
            Err(error) => error,
        };
        self.objects.delete(key).await?;
        Err(refusal)
    }

    async fn is_erased(&self, key: &ObjectKey) -> PortResult<bool> {
        let asked = match (key.owner(), key.conversation()) {
            (Some(owner), _) => self.erasures.is_erased(owner, key.made_at()),
            (None, Some(id)) => self.erasures.is_conversation_erased(id),
            (None, None) => return Ok(false),
        };
        match select(asked, self.timer.sleep(ASK_WITHIN)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(PortError::bare(
                Fault::Unavailable,
                "put object: not known in time whether its user was erased",
            )),
        }
    }
}

#[async_trait]
impl ObjectStore for MarkedStore {
    /// [`Fault::Gone`] when the user was erased; [`Fault::Unavailable`] also while the database
    /// cannot tell. The object is not there then.
    async fn put(&self, key: &ObjectKey, content_type: &str, body: Bytes) -> PortResult<()> {
        let objects = self.objects.clone();
        let (name, content_type) = (key.clone(), content_type.to_owned());
        let put = async move { objects.put(&name, &content_type, body).await };
        self.put_and_ask(key, Box::pin(put)).await
    }

    /// As [`put`](Self::put).
    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        let objects = self.objects.clone();
        let (name, content_type) = (key.clone(), content_type.to_owned());
        let put = async move { objects.put_from(&name, &content_type, source).await };
        self.put_and_ask(key, Box::pin(put)).await
    }

    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        self.objects.get(key).await
    }

    async fn get_part(&self, key: &ObjectKey, at: u64, length: usize) -> PortResult<Option<Bytes>> {
        self.objects.get_part(key, at, length).await
    }

    async fn head(&self, key: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
        self.objects.head(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> PortResult<()> {
        self.objects.delete(key).await
    }

    async fn list(&self, prefix: &KeyPrefix, after: Option<&ObjectKey>) -> PortResult<Vec<Listed>> {
        self.objects.list(prefix, after).await
    }

    async fn link(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> PortResult<Link> {
        self.objects.link(key, now, ttl).await
    }

    async fn check(&self) -> PortResult<()> {
        self.objects.check().await
    }
}

#[cfg(test)]
mod tests;
