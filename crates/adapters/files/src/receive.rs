//! Objects that clients put behind upload links.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use objects::{ObjectKey, Promise, ReceiveFault, Sha256Digest};
use sha2::{Digest, Sha256};

use crate::FolderStore;
use crate::blocking::blocking;
use crate::disk::{Draft, DurableFolder};
use crate::fault::while_doing;
use crate::object_file::Label;
use crate::object_path::path_of;
use crate::store::tail;

const RECEIVE: &str = "receive an object into the folder";
/// How much is gathered before it is written.
const PORTION: usize = 256 * 1024;

impl FolderStore {
    /// Takes an object as it arrives, holding a portion of it: exactly what was promised, and only
    /// where nothing is yet. Durable when this returns.
    pub async fn receive<E>(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<(), ReceiveFault> {
        if self.has(key).await? {
            return Err(ReceiveFault::Taken);
        }
        let mut arriving = Arriving::begin(self.folder(), promise).await?;
        let mut body = std::pin::pin!(body);
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|_| ReceiveFault::BrokenOff)?;
            arriving = arriving.push(piece).await?;
        }
        let draft = arriving.finish().await?;
        let tail = tail(&Label::new(key, &promise.content_type, promise.size))?;
        let (folder, path) = (Arc::clone(self.folder()), path_of(key));
        let place = move || {
            let whole = draft.appended(&tail);
            let placed = whole.and_then(|draft| folder.place_new(&path, &draft));
            placed.map_err(while_doing(RECEIVE))
        };
        let placed = blocking(RECEIVE, place).await?;
        placed.then_some(()).ok_or(ReceiveFault::Taken)
    }
}

/// An object of which a part has arrived.
struct Arriving<'a> {
    promise: &'a Promise,
    draft: Draft,
    gathered: Vec<u8>,
    size: u64,
    digest: Sha256,
}

impl<'a> Arriving<'a> {
    async fn begin(
        folder: &Arc<DurableFolder>,
        promise: &'a Promise,
    ) -> Result<Self, ReceiveFault> {
        let folder = Arc::clone(folder);
        let create = move || folder.empty_draft().map_err(while_doing(RECEIVE));
        Ok(Self {
            promise,
            draft: blocking(RECEIVE, create).await?,
            gathered: Vec::new(),
            size: 0,
            digest: Sha256::new(),
        })
    }

    async fn push(mut self, piece: Bytes) -> Result<Self, ReceiveFault> {
        self.size += piece.len() as u64;
        if self.size > self.promise.size {
            return Err(ReceiveFault::Mismatch("size"));
        }
        self.gathered.extend_from_slice(&piece);
        if self.gathered.len() < PORTION {
            return Ok(self);
        }
        self.write().await
    }

    /// The digest is worked out where blocking is allowed too.
    async fn write(self) -> Result<Self, ReceiveFault> {
        let Self {
            promise,
            draft,
            gathered,
            size,
            digest,
        } = self;
        let write = move || {
            let draft = draft.appended(&gathered).map_err(while_doing(RECEIVE))?;
            Ok((draft, digest.chain_update(&gathered)))
        };
        let (draft, digest) = blocking(RECEIVE, write).await?;
        Ok(Self {
            promise,
            draft,
            gathered: Vec::new(),
            size,
            digest,
        })
    }

    async fn finish(self) -> Result<Draft, ReceiveFault> {
        if self.size != self.promise.size {
            return Err(ReceiveFault::Mismatch("size"));
        }
        let Self {
            promise,
            draft,
            digest,
            ..
        } = self.write().await?;
        let sha256: [u8; 32] = digest.finalize().into();
        let promised = promise.sha256;
        if promised.is_some_and(|promised| promised != Sha256Digest::from(sha256)) {
            return Err(ReceiveFault::Mismatch("sha256"));
        }
        Ok(draft)
    }
}
