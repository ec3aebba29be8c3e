//! Bytes put aside while they arrive.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult};
use objects::ObjectSource;
use segments::Scratch;

use crate::blocking::blocking;
use crate::disk::{Draft, DurableFolder};
use crate::fault::while_doing;

const KEEP: &str = "put bytes aside";
const READ: &str = "read bytes that were put aside";

/// Puts bytes aside in files that nobody else sees and that go with the process: opening the folder
/// removes what another one left.
#[derive(Debug, Clone)]
pub struct FolderScratch {
    folder: Arc<DurableFolder>,
    room: Arc<AtomicU64>,
}

impl FolderScratch {
    /// Opens the folder, creating it if need be. It takes at most `capacity_bytes` at once.
    ///
    /// Only one may be open on a folder at a time, see [`crate::DataFolder`].
    pub fn open(path: impl AsRef<Path>, capacity_bytes: u64) -> PortResult<Self> {
        let folder = DurableFolder::open(path.as_ref());
        let folder = folder.map_err(while_doing("open the folder of what arrives"))?;
        Ok(Self {
            folder: Arc::new(folder),
            room: Arc::new(AtomicU64::new(capacity_bytes)),
        })
    }
}

#[async_trait]
impl Scratch for FolderScratch {
    async fn begin(&self) -> PortResult<Box<dyn segments::Draft>> {
        let folder = Arc::clone(&self.folder);
        let create = move || folder.empty_draft().map_err(while_doing(KEEP));
        Ok(Box::new(Aside {
            draft: Some(blocking(KEEP, create).await?),
            held: Held {
                room: Arc::clone(&self.room),
                bytes: 0,
            },
        }))
    }
}

/// The room that one draft takes; given back when dropped.
#[derive(Debug)]
struct Held {
    room: Arc<AtomicU64>,
    bytes: u64,
}

impl Held {
    fn take(&mut self, more: u64) -> PortResult<()> {
        let left = |room: u64| room.checked_sub(more);
        let taken = self
            .room
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, left);
        taken.map_err(|_| PortError::bare(Fault::Full, KEEP))?;
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.fetch_add(self.bytes, Ordering::AcqRel);
    }
}

/// A file that grows. After a failure it takes nothing more.
struct Aside {
    draft: Option<Draft>,
    held: Held,
}

impl Aside {
    fn take(&mut self) -> PortResult<Draft> {
        let broken = PortError::bare(Fault::Unavailable, KEEP);
        self.draft.take().ok_or(broken)
    }
}

#[async_trait]
impl segments::Draft for Aside {
    async fn append(&mut self, more: Bytes) -> PortResult<()> {
        self.held.take(more.len() as u64)?;
        let draft = self.take()?;
        let append = move || draft.appended(&more).map_err(while_doing(KEEP));
        self.draft = Some(blocking(KEEP, append).await?);
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> PortResult<Arc<dyn ObjectSource>> {
        let draft = self.take()?;
        let open = move || {
            let file = draft.reader().map_err(while_doing(READ))?;
            Ok((file, draft))
        };
        let (file, draft) = blocking(READ, open).await?;
        Ok(Arc::new(Whole {
            file: Arc::new(file),
            _draft: draft,
            held: self.held,
        }))
    }
}

/// A file that is whole; gone when dropped.
struct Whole {
    file: Arc<File>,
    _draft: Draft,
    held: Held,
}

#[async_trait]
impl ObjectSource for Whole {
    fn size(&self) -> u64 {
        self.held.bytes
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        read_at(Arc::clone(&self.file), at, length).await
    }
}

/// These bytes of a file, all of them.
pub(crate) async fn read_at(file: Arc<File>, at: u64, length: usize) -> PortResult<Bytes> {
    blocking(READ, move || {
        let mut bytes = vec![0; length];
        let read = file.read_exact_at(&mut bytes, at);
        read.map_err(while_doing(READ))?;
        Ok(bytes.into())
    })
    .await
}
