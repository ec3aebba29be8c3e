//! The object store in a folder.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult, Timestamp};
use objects::{
    KeyPrefix, Link, Listed, ObjectKey, ObjectMeta, ObjectSource, ObjectStore, Promise, UploadLink,
    UploadLinks,
};

use crate::blocking::blocking;
use crate::disk::{Draft, DurableFolder};
use crate::fault::while_doing;
use crate::link::LinkSigner;
use crate::listing;
use crate::object_file::{self, BadFile, Label};
use crate::object_path::path_of;
use crate::scratch::read_at;

const PUT: &str = "put object into folder";
const GET: &str = "get object from folder";
const HEAD: &str = "look at object in folder";
const DELETE: &str = "delete object from folder";
const LIST: &str = "list objects in folder";
/// How much of a large object is read and written at a time.
const PORTION: u64 = 1024 * 1024;
const CHECK: &str = "write, read and delete a probe in the object folder";

/// Keeps each object in one file, durably.
///
/// The key `a/b/c.jpg` lies in `a/b/@c.jpg`. Folders that become empty go.
///
/// Only one may be open on a folder at a time, see [`crate::DataFolder`].
#[derive(Debug, Clone)]
pub struct FolderStore {
    folder: Arc<DurableFolder>,
    signer: LinkSigner,
    probes: Arc<AtomicU64>,
}

impl FolderStore {
    /// Opens the folder, creating it if need be, and deletes what unfinished writes left behind.
    pub fn open(path: impl AsRef<Path>, signer: LinkSigner) -> PortResult<Self> {
        let folder =
            DurableFolder::open(path.as_ref()).map_err(while_doing("open object folder"))?;
        Ok(Self {
            folder: Arc::new(folder),
            signer,
            probes: Arc::default(),
        })
    }

    pub(crate) const fn folder(&self) -> &Arc<DurableFolder> {
        &self.folder
    }

    /// Whether there is a file for the object, damaged or not.
    pub(crate) async fn has(&self, key: &ObjectKey) -> PortResult<bool> {
        let (folder, path) = (Arc::clone(&self.folder), path_of(key));
        let look = move || folder.file(&path).map_err(while_doing(HEAD));
        Ok(blocking(HEAD, look).await?.is_some())
    }

    /// An object's description, and its bytes to be read in portions, all of the same version
    /// whatever becomes of the object meanwhile; `None` if there is none.
    pub async fn open_object(
        &self,
        key: &ObjectKey,
    ) -> PortResult<Option<(ObjectMeta, Arc<dyn ObjectSource>)>> {
        let (folder, key) = (Arc::clone(&self.folder), key.clone());
        let opened = blocking(GET, move || open_file(&folder, &key)).await?;
        Ok(opened.map(|(meta, file)| {
            let size = meta.size;
            (
                meta,
                Arc::new(Opened { file, size }) as Arc<dyn ObjectSource>,
            )
        }))
    }

    /// An object's description and bytes, both of the same version; `None` if there is none.
    pub async fn read(&self, key: &ObjectKey) -> PortResult<Option<(ObjectMeta, Bytes)>> {
        let (folder, key) = (Arc::clone(&self.folder), key.clone());
        blocking(GET, move || read(&folder, &key)).await
    }
}

#[async_trait]
impl ObjectStore for FolderStore {
    #[tracing::instrument(name = "put object", skip_all)]
    async fn put(&self, key: &ObjectKey, content_type: &str, body: Bytes) -> PortResult<()> {
        let folder = Arc::clone(&self.folder);
        let path = path_of(key);
        let label = Label::new(key, content_type, body.len() as u64);
        blocking(PUT, move || {
            let tail = tail(&label)?;
            folder
                .write(&path, &[&body, &tail])
                .map_err(while_doing(PUT))
        })
        .await
    }

    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        let folder = Arc::clone(&self.folder);
        let path = path_of(key);
        let tail = tail(&Label::new(key, content_type, source.size()))?;
        let draft = copied(&folder, source.as_ref()).await?;
        blocking(PUT, move || {
            let durable = append(draft, &tail).and_then(|draft| draft.sync().map(|()| draft));
            let placed = durable.and_then(|draft| folder.place(&path, draft));
            placed.map_err(while_doing(PUT))
        })
        .await
    }

    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        Ok(self.read(key).await?.map(|(_, body)| body))
    }

    async fn get_part(&self, key: &ObjectKey, at: u64, length: usize) -> PortResult<Option<Bytes>> {
        let (folder, key) = (Arc::clone(&self.folder), key.clone());
        blocking(GET, move || read_part(&folder, &key, at, length)).await
    }

    async fn head(&self, key: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
        let (folder, key) = (Arc::clone(&self.folder), key.clone());
        blocking(HEAD, move || head(&folder, &key)).await
    }

    async fn delete(&self, key: &ObjectKey) -> PortResult<()> {
        let folder = Arc::clone(&self.folder);
        let path = path_of(key);
        blocking(DELETE, move || {
            folder.remove(&path).map_err(while_doing(DELETE))?;
            Ok(())
        })
        .await
    }

    async fn list(&self, prefix: &KeyPrefix, after: Option<&ObjectKey>) -> PortResult<Vec<Listed>> {
        let folder = Arc::clone(&self.folder);
        let (prefix, after) = (prefix.clone(), after.cloned());
        blocking(LIST, move || {
            listing::list(folder.root(), &prefix, after.as_ref()).map_err(while_doing(LIST))
        })
        .await
    }

    async fn link(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> PortResult<Link> {
        let too_long = || PortError::bare(Fault::Refused, "sign a link for more than 7 days");
        self.signer.sign(key, now, ttl).ok_or_else(too_long)
    }

    async fn check(&self) -> PortResult<()> {
        let folder = Arc::clone(&self.folder);
        let serial = self.probes.fetch_add(1, Ordering::Relaxed);
        blocking(CHECK, move || {
            probe(&folder, serial).map_err(while_doing(CHECK))
        })
        .await
    }
}

#[async_trait]
impl UploadLinks for FolderStore {
    async fn upload_link(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        now: Timestamp,
        ttl: Duration,
    ) -> PortResult<UploadLink> {
        let too_long = || PortError::bare(Fault::Refused, "sign a link for more than 7 days");
        let signed = self.signer.sign_upload(key, promise, (now, ttl));
        signed.ok_or_else(too_long)
    }

    fn key_in(&self, url: &url::Url) -> Option<ObjectKey> {
        self.signer.key_in(url)
    }
}

/// An object of which a file is open.
struct Opened {
    file: Arc<File>,
    size: u64,
}

#[async_trait]
impl ObjectSource for Opened {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        read_at(Arc::clone(&self.file), at, length).await
    }
}

fn open_file(
    folder: &DurableFolder,
    key: &ObjectKey,
) -> PortResult<Option<(ObjectMeta, Arc<File>)>> {
    let Some(mut file) = folder.file(&path_of(key)).map_err(while_doing(GET))? else {
        return Ok(None);
    };
    let label = object_file::read_label(&mut file).map_err(|bad| corrupt(GET, bad))?;
    Ok(Some((meta(&label, key, GET)?, Arc::new(file))))
}

pub(crate) fn tail(label: &Label) -> PortResult<Vec<u8>> {
    let tail = label.tail();
    tail.map_err(|error| PortError::new(Fault::Refused, PUT, error))
}

/// The source's bytes in a file aside.
async fn copied(folder: &Arc<DurableFolder>, source: &dyn ObjectSource) -> PortResult<Draft> {
    let folder = Arc::clone(folder);
    let create = move || folder.empty_draft().map_err(while_doing(PUT));
    let mut draft = blocking(PUT, create).await?;
    let mut at = 0;
    while at < source.size() {
        let length = PORTION.min(source.size() - at);
        let portion = source.read(at, usize::try_from(length).unwrap_or(usize::MAX));
        let portion = portion.await?;
        let write = move || append(draft, &portion).map_err(while_doing(PUT));
        draft = blocking(PUT, write).await?;
        at += length;
    }
    Ok(draft)
}

fn append(mut draft: Draft, part: &[u8]) -> io::Result<Draft> {
    draft.append(part)?;
    Ok(draft)
}

fn read(folder: &DurableFolder, key: &ObjectKey) -> PortResult<Option<(ObjectMeta, Bytes)>> {
    let path = path_of(key);
    let Some(content) = content(folder, &path).map_err(while_doing(GET))? else {
        return Ok(None);
    };
    let (label, body) = object_file::split(content).map_err(|bad| corrupt(GET, bad))?;
    Ok(Some((meta(&label, key, GET)?, body)))
}

fn read_part(
    folder: &DurableFolder,
    key: &ObjectKey,
    at: u64,
    length: usize,
) -> PortResult<Option<Bytes>> {
    let Some(mut file) = folder.file(&path_of(key)).map_err(while_doing(GET))? else {
        return Ok(None);
    };
    let label = object_file::read_label(&mut file).map_err(|bad| corrupt(GET, bad))?;
    let left = meta(&label, key, GET)?.size.saturating_sub(at);
    let length = usize::try_from(left).map_or(length, |left| length.min(left));
    let mut part = vec![0; length];
    let read = file.read_exact_at(&mut part, at);
    read.map_err(while_doing(GET)).map(|()| Some(part.into()))
}

fn head(folder: &DurableFolder, key: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
    let path = path_of(key);
    let Some(mut file) = folder.file(&path).map_err(while_doing(HEAD))? else {
        return Ok(None);
    };
    let label = object_file::read_label(&mut file).map_err(|bad| corrupt(HEAD, bad))?;
    meta(&label, key, HEAD).map(Some)
}

fn meta(label: &Label, key: &ObjectKey, context: &'static str) -> PortResult<ObjectMeta> {
    if !label.is_of(key) {
        return Err(corrupt(context, BadFile::Contradiction));
    }
    Ok(ObjectMeta {
        size: label.size(),
        content_type: label.content_type().to_owned(),
    })
}

fn corrupt(context: &'static str, bad: BadFile) -> PortError {
    match bad {
        BadFile::Io(error) => while_doing(context)(error),
        bad => PortError::new(Fault::Corrupt, context, bad),
    }
}

fn content(folder: &DurableFolder, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = folder.file(path)? else {
        return Ok(None);
    };
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(Some(content))
}

/// No key begins with a dot, so a probe is nobody's object.
fn probe(folder: &DurableFolder, serial: u64) -> io::Result<()> {
    let path = PathBuf::from(format!(".probe-{serial:x}"));
    let written = serial.to_le_bytes();
    folder.write(&path, &[&written])?;
    let read = content(folder, &path)?;
    folder.remove(&path)?;
    if read.as_deref() == Some(&written) {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a probe came back changed",
        ))
    }
}
