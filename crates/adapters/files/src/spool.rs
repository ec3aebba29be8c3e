//! Images waiting for the object store.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult, Timestamp, UserId};
use objects::ObjectKey;
use privacy::Amount;
use sha2::{Digest, Sha256};
use vision::{Held, PendingObject, Spool};

use crate::blocking::blocking;
use crate::fault::while_doing;
use crate::leftovers::names;
use crate::object_file::{self, BadFile, Label};
use crate::records::{Bounds, Found, Records};

const OPEN: &str = "open the spool";
const KEEP: &str = "keep image in spool";
const READ: &str = "read image from spool";
const REMOVE: &str = "remove image from spool";
const SET_ASIDE: &str = "move waiting image aside";
const EXTENSION: &str = ".object";
/// What stands in a file besides the image: a key of 512 bytes at most, and the rest.
const MAX_LABEL_BYTES: u64 = 2048;

/// Keeps each image in one file, named by the hash of its key because keys can be longer than
/// names. The key and the image's place in the queue stand in the file.
///
/// An image that cannot be read any more is moved to the folder `rejected` when this is noticed.
#[derive(Debug, Clone)]
pub struct FolderSpool {
    records: Arc<Records<Waiting>>,
    next_serial: Arc<AtomicU64>,
}

/// An image and its place in the queue.
#[derive(Debug, Clone)]
struct Waiting {
    serial: u64,
    object: PendingObject,
}

impl FolderSpool {
    /// Opens the folder, creating it if need be. It takes images up to the bound of bytes; there
    /// [is room](Spool::has_room) while no image is older than the bound of age.
    ///
    /// Only one may be open on a folder at a time, see [`crate::DataFolder`].
    pub fn open(path: impl AsRef<Path>, bounds: impl Into<Bounds>) -> PortResult<Self> {
        let records = Records::open(path.as_ref(), bounds.into(), describe);
        let records = records.map_err(while_doing(OPEN))?;
        let newest = records.kept().iter().map(|waiting| waiting.serial).max();
        Ok(Self {
            records: Arc::new(records),
            next_serial: Arc::new(AtomicU64::new(newest.unwrap_or(0) + 1)),
        })
    }
}

#[async_trait]
impl Spool for FolderSpool {
    async fn keep(&self, object: &PendingObject, body: Bytes) -> PortResult<()> {
        let records = Arc::clone(&self.records);
        let serial = self.next_serial.fetch_add(1, Ordering::Relaxed);
        let object = object.clone();
        blocking(KEEP, move || {
            let label =
                Label::new(&object.key, &object.content_type, body.len() as u64).queued(serial);
            let tail = label
                .tail()
                .map_err(|e| PortError::new(Fault::Refused, KEEP, e))?;
            let name = name_of(&object.key);
            records.put(KEEP, &name, Waiting { serial, object }, &[&body, &tail])
        })
        .await
    }

    async fn waiting(&self, limit: usize) -> PortResult<Vec<PendingObject>> {
        let mut waiting = self.records.kept();
        waiting.sort_unstable_by_key(|waiting| waiting.serial);
        let oldest = waiting.into_iter().take(limit);
        Ok(oldest.map(|waiting| waiting.object).collect())
    }

    async fn held(&self) -> PortResult<Held> {
        Ok(self.records.held())
    }

    async fn has_room(&self, bytes: u64) -> PortResult<bool> {
        Ok(self.records.has_room(bytes + MAX_LABEL_BYTES))
    }

    async fn oldest(&self) -> PortResult<Option<Timestamp>> {
        Ok(self.records.oldest())
    }

    async fn set_aside(&self, key: &ObjectKey) -> PortResult<()> {
        let (records, name) = (Arc::clone(&self.records), name_of(key));
        blocking(SET_ASIDE, move || {
            records.reject(&name).map_err(while_doing(SET_ASIDE))
        })
        .await
    }

    async fn read(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        let (records, key) = (Arc::clone(&self.records), key.clone());
        blocking(READ, move || read(&records, &key)).await
    }

    async fn remove(&self, key: &ObjectKey) -> PortResult<()> {
        let (records, name) = (Arc::clone(&self.records), name_of(key));
        blocking(REMOVE, move || {
            records.remove(&name).map_err(while_doing(REMOVE))
        })
        .await
    }
}

impl FolderSpool {
    /// Removes all images of this user, those moved aside too; of these the label at the end names
    /// the user, or a part of it that is left.
    pub(crate) async fn remove_of(&self, user: UserId) -> PortResult<Amount> {
        let records = Arc::clone(&self.records);
        let name = user.to_string();
        blocking(REMOVE, move || {
            let mut removed = Amount::default();
            let is_theirs = |waiting: &Waiting| waiting.object.key.owner() == Some(user);
            let theirs = |content: &[u8]| names(content, &name);
            let done = records.remove_all(is_theirs, theirs, |size| removed.add(size));
            done.map_err(while_doing(REMOVE)).map(|()| removed)
        })
        .await
    }
}

/// A damaged image is moved out of the queue, else it would hold up all behind it.
fn read(records: &Records<Waiting>, key: &ObjectKey) -> PortResult<Option<Bytes>> {
    let name = name_of(key);
    let Some(content) = records.read(&name).map_err(while_doing(READ))? else {
        return Ok(None);
    };
    let bad = match object_file::split(content) {
        Ok((label, body)) if label.is_of(key) => return Ok(Some(body)),
        Ok(_) => BadFile::Contradiction,
        Err(bad) => bad,
    };
    tracing::error!(%key, error = &bad as &dyn std::error::Error,
        "waiting image cannot be read, moved to the folder rejected");
    records.reject(&name).map_err(while_doing(READ))?;
    Err(PortError::new(Fault::Corrupt, READ, bad))
}

fn describe(name: &str, path: &Path) -> io::Result<Found<Waiting>> {
    if !name.ends_with(EXTENSION) {
        return Ok(Found::Foreign);
    }
    let label = match object_file::read_label(&mut File::open(path)?) {
        Ok(label) => label,
        Err(BadFile::Io(error)) => return Err(error),
        Err(_) => return Ok(Found::Damaged),
    };
    let key = label.key().filter(|key| name_of(key) == name);
    Ok(key.map_or(Found::Damaged, |key| Found::Record(waiting(key, &label))))
}

fn waiting(key: ObjectKey, label: &Label) -> Waiting {
    Waiting {
        serial: label.serial(),
        object: PendingObject {
            key,
            content_type: label.content_type().to_owned(),
        },
    }
}

fn name_of(key: &ObjectKey) -> String {
    let hash = Sha256::digest(key.as_str());
    hex::encode(hash) + EXTENSION
}
