//! Taking images in and keeping them.

use bytes::Bytes;
use futures_util::future::{Either, select};
use kernel::{Fault, PortError, PortResult, Timestamp, UserId};
use objects::{Link, ObjectKey, Promise};

use crate::error::AnalyzeError;
use crate::image::{Prepared, ViewSpec};
use crate::parts::{Part, Parts};
use crate::pending::PendingObject;
use crate::vision::{Accepted, Image, Vision};

impl Vision {
    /// Checks everything that can be checked before anything is stored or sent.
    pub(crate) async fn accept(
        &self,
        user: UserId,
        image: Image,
        (parts, at): (&Parts, Timestamp),
    ) -> Result<Accepted, AnalyzeError> {
        self.require_room().await?;
        match image {
            Image::File(file) => {
                let prepared = self.prepare(file.clone()).await?;
                let fresh = || (self.ports.ids.next(at), at);
                let (id, at) = parts.dated(Part::Object).unwrap_or_else(fresh);
                let key = ObjectKey::upload(user, at, id, prepared.format.extension());
                Ok(Accepted {
                    key,
                    is_stored: false,
                    may_wait: self.may_wait(&file, &prepared).await?,
                    prepared,
                    file,
                })
            }
            Image::Stored(key) => {
                let promise = self.promise_to(user, &key).await?;
                let file = self.stored_file(user, &key).await?;
                let prepared = self.prepare(file.clone()).await?;
                let found = (file.as_ref(), &prepared);
                self.claim(&key, promise.as_ref(), found).await?;
                Ok(Accepted {
                    key,
                    file,
                    prepared,
                    is_stored: true,
                    may_wait: true,
                })
            }
        }
    }

    /// Puts the image into the store, or into the local spool while the store is away. Under its
    /// key lies what is shown: where something was written beside the pixels, the file as it came
    /// lies apart.
    pub(crate) async fn keep(&self, image: &Accepted) -> PortResult<()> {
        match &image.prepared.cleaned {
            // First, so that its bytes are never in no place.
            Some(cleaned) => {
                let original = image.key.original();
                self.keep_at(&original, image, image.file.clone()).await?;
                self.keep_at(&image.key, image, cleaned.clone()).await
            }
            None if image.is_stored => Ok(()),
            None => self.keep_at(&image.key, image, image.file.clone()).await,
        }
    }

    async fn keep_at(&self, key: &ObjectKey, image: &Accepted, body: Bytes) -> PortResult<()> {
        let content_type = image.prepared.format.content_type();
        let put = self.put_in_time(key, content_type, body.clone());
        let Err(error) = put.await else {
            return Ok(());
        };
        if error.fault() == Fault::Gone {
            return Err(error);
        }
        if !image.may_wait {
            return Err(PortError::new(Fault::Full, "keep image in spool", error));
        }
        tracing::warn!(key = %key, error = &error as &dyn std::error::Error,
            "object store failed, image goes to the spool");
        let waiting = PendingObject {
            key: key.clone(),
            content_type: content_type.to_owned(),
        };
        self.ports.spool.keep(&waiting, body).await
    }

    /// A store that hangs must not hold the answer; storing the same bytes twice does no harm.
    pub(crate) async fn put_in_time(
        &self,
        key: &ObjectKey,
        content_type: &str,
        body: Bytes,
    ) -> PortResult<()> {
        let put = self.ports.objects.put(key, content_type, body);
        let patience = self.ports.timer.sleep(self.rules.store_within);
        match select(put, patience).await {
            Either::Left((stored, _)) => stored,
            Either::Right(((), _)) => Err(PortError::bare(
                Fault::Unavailable,
                "put object: no answer in time",
            )),
        }
    }

    pub(crate) async fn link(&self, key: &ObjectKey, now: Timestamp) -> Result<Link, AnalyzeError> {
        let link = self.ports.objects.link(key, now, self.rules.link_ttl).await;
        link.map_err(AnalyzeError::Storage)
    }

    /// An answer is only promised while what it says can be kept in any case.
    async fn require_room(&self) -> Result<(), AnalyzeError> {
        match self.ports.journal.has_room().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(AnalyzeError::Storage(PortError::bare(
                Fault::Full,
                "keep event in journal",
            ))),
            Err(error) => Err(AnalyzeError::Storage(error)),
        }
    }

    /// Whether the image may wait for the store. One that may not is stored before a model is
    /// asked: an analysis that succeeded is never refused afterwards.
    async fn may_wait(&self, file: &Bytes, prepared: &Prepared) -> Result<bool, AnalyzeError> {
        let cleaned = prepared.cleaned.as_ref().map_or(0, Bytes::len);
        let bytes = (file.len() + cleaned) as u64;
        let room = self.ports.spool.has_room(bytes).await;
        room.map_err(AnalyzeError::Storage)
    }

    async fn prepare(&self, file: Bytes) -> Result<Prepared, AnalyzeError> {
        let limit = self.rules.max_bytes;
        if file.len() > limit {
            return Err(AnalyzeError::TooLarge { limit });
        }
        Ok(self.ports.images.prepare(file, self.first_view()).await?)
    }

    fn first_view(&self) -> ViewSpec {
        let first = self.ports.models.first();
        first.map_or(ViewSpec::Jpeg { max_side: 1600 }, crate::VisionModel::view)
    }

    /// Another user's promise is as missing as their image.
    async fn promise_to(
        &self,
        user: UserId,
        key: &ObjectKey,
    ) -> Result<Option<Promise>, AnalyzeError> {
        match key.owner() {
            Some(owner) if owner == user => self.promised(key).await,
            _ => Ok(None),
        }
    }

    /// The bytes of a stored image, wherever they are by now. Another user's image is as missing
    /// as one that never was.
    async fn stored_file(&self, user: UserId, key: &ObjectKey) -> Result<Bytes, AnalyzeError> {
        if key.owner() != Some(user) {
            return Err(AnalyzeError::ObjectNotFound);
        }
        if let Some(file) = self
            .ports
            .spool
            .read(key)
            .await
            .map_err(AnalyzeError::Storage)?
        {
            return Ok(file);
        }
        let file = self
            .ports
            .objects
            .get(key)
            .await
            .map_err(AnalyzeError::Storage)?;
        file.ok_or(AnalyzeError::ObjectNotFound)
    }
}
