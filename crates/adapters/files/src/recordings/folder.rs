//! The folder of recordings.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult, Timestamp, UserId, VoiceSessionId};
use objects::{Link, ObjectStore};
use privacy::Amount;
use tokio::sync::Semaphore;
use voice::{Recording, Recordings, Track, VoiceStore};

use super::recorder::Recorder;
use super::source::FileSource;
use super::tape::Tape;
use super::track_file::{TrackFile, conversation_of, name_of};
use crate::blocking::blocking;
use crate::disk::create_folder;
use crate::fault::while_doing;

const OPEN: &str = "open the folder of recordings";
const LOOK: &str = "look for recordings that wait";
const PUT: &str = "put a recording into the object store";
const REMOVE: &str = "remove a recording that is stored";
const CONTENT_TYPE: &str = "audio/wav";
/// A store may hold a few megabytes of each, and conversations tend to end together.
const PUTS_AT_ONCE: usize = 4;

/// Keeps recordings in a folder until the object store has them. Cheap to clone; several processes
/// may use one folder.
#[derive(Clone)]
pub struct FolderRecordings(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    objects: Arc<dyn ObjectStore>,
    conversations: Arc<dyn VoiceStore>,
    puts: Semaphore,
}

impl FolderRecordings {
    /// Opens the folder, creating it if need be. Finished recordings go to `objects`, which keeps
    /// nothing of erased users; `conversations` tells whose a recording is.
    pub fn open(
        path: impl AsRef<Path>,
        objects: Arc<dyn ObjectStore>,
        conversations: Arc<dyn VoiceStore>,
    ) -> PortResult<Self> {
        let path = path.as_ref();
        let real = create_folder(path).and_then(|()| path.canonicalize());
        Ok(Self(Arc::new(Inner {
            folder: real.map_err(while_doing(OPEN))?,
            objects,
            conversations,
            puts: Semaphore::new(PUTS_AT_ONCE),
        })))
    }

    /// Puts sealed files under their final keys. Those that the store does not take now keep
    /// waiting.
    pub(super) async fn put_all(
        &self,
        id: VoiceSessionId,
        files: Vec<TrackFile>,
    ) -> PortResult<()> {
        for file in files {
            if file.sound() > 0 {
                self.put(id, &file).await?;
            }
            blocking(REMOVE, move || file.remove().map_err(while_doing(REMOVE))).await?;
        }
        Ok(())
    }

    async fn put(&self, id: VoiceSessionId, file: &TrackFile) -> PortResult<()> {
        let turn = self.0.puts.acquire().await;
        let _turn = turn.map_err(|closed| PortError::new(Fault::Unavailable, PUT, closed))?;
        let (key, source) = (file.track().key(id), Arc::new(FileSource::of(file)));
        match self.0.objects.put_from(&key, CONTENT_TYPE, source).await {
            // What belongs to an erased user has nowhere to go.
            Err(error) if error.fault() == Fault::Gone => Ok(()),
            put => put,
        }
    }

    async fn recover_one(&self, id: VoiceSessionId) -> PortResult<bool> {
        let inner = Arc::clone(&self.0);
        let claim = move || claim(&inner.folder, id).map_err(while_doing(LOOK));
        let Some(files) = blocking(LOOK, claim).await? else {
            return Ok(false);
        };
        self.put_all(id, files).await.map(|()| true)
    }

    /// Conversations of which there are files, oldest first.
    async fn conversations(&self) -> PortResult<BTreeSet<VoiceSessionId>> {
        let inner = Arc::clone(&self.0);
        blocking(LOOK, move || {
            conversations(&inner.folder).map_err(while_doing(LOOK))
        })
        .await
    }

    /// Removes what there is of this user. A recording in progress goes on without a name, and what
    /// comes of it is refused by the object store.
    pub(crate) async fn remove_of(&self, user: UserId) -> PortResult<Amount> {
        let mut removed = Amount::default();
        for id in self.conversations().await? {
            if self.0.conversations.find(user, id).await?.is_none() {
                continue;
            }
            let inner = Arc::clone(&self.0);
            let files = blocking(REMOVE, move || {
                remove(&inner.folder, id).map_err(while_doing(REMOVE))
            });
            removed.merge(files.await?);
        }
        Ok(removed)
    }
}

#[async_trait]
impl Recordings for FolderRecordings {
    async fn begin(&self, id: VoiceSessionId) -> PortResult<Box<dyn Recording>> {
        let tape = Tape::new(self.0.folder.clone(), id);
        Ok(Box::new(Recorder::new(self.clone(), tape)))
    }

    async fn links(
        &self,
        id: VoiceSessionId,
        now: Timestamp,
        ttl: Duration,
    ) -> PortResult<Vec<(Track, Link)>> {
        let mut links = Vec::new();
        for track in Track::ALL {
            let key = track.key(id);
            if self.0.objects.head(&key).await?.is_some() {
                links.push((track, self.0.objects.link(&key, now, ttl).await?));
            }
        }
        Ok(links)
    }

    /// One that fails does not keep the others waiting, unless the store is away.
    ///
    /// # Errors
    /// The first failure, if nothing could be finished.
    async fn recover(&self, limit: u16) -> PortResult<Vec<VoiceSessionId>> {
        let (mut finished, mut failure) = (Vec::new(), None);
        for id in self.conversations().await? {
            if finished.len() == usize::from(limit) {
                break;
            }
            match self.recover_one(id).await {
                Ok(true) => finished.push(id),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(voice_session_id = %id,
                        error = &error as &dyn std::error::Error, "a recording still waits");
                    let is_away = error.fault() == Fault::Unavailable;
                    failure.get_or_insert(error);
                    if is_away {
                        break;
                    }
                }
            }
        }
        match failure {
            Some(failure) if finished.is_empty() => Err(failure),
            _ => Ok(finished),
        }
    }
}

/// The sealed files of a conversation; `None` if somebody is at work on one of them.
fn claim(folder: &Path, id: VoiceSessionId) -> io::Result<Option<Vec<TrackFile>>> {
    let mut files = Vec::new();
    for track in Track::ALL {
        match TrackFile::claim(folder, id, track)? {
            Some(file) => files.push(file),
            None if folder.join(name_of(id, track)).try_exists()? => return Ok(None),
            None => {}
        }
    }
    for file in &files {
        file.seal()?;
    }
    Ok((!files.is_empty()).then_some(files))
}

fn conversations(folder: &Path) -> io::Result<BTreeSet<VoiceSessionId>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        found.extend(entry?.file_name().to_str().and_then(conversation_of));
    }
    Ok(found)
}

fn remove(folder: &Path, id: VoiceSessionId) -> io::Result<Amount> {
    let mut removed = Amount::default();
    for track in Track::ALL {
        let path = folder.join(name_of(id, track));
        match std::fs::metadata(&path).and_then(|meta| {
            std::fs::remove_file(&path)?;
            Ok(meta.len())
        }) {
            Ok(size) => removed.add(size),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    crate::disk::sync_folder(folder)?;
    Ok(removed)
}
