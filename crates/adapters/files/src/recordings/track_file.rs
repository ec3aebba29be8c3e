//! One direction of one conversation in its file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audio_dsp::wav::{HEADER_BYTES, Header};
use kernel::VoiceSessionId;
use voice::Track;

use crate::disk::sync_folder;

const HEADER: u64 = HEADER_BYTES as u64;
const SAMPLE: u64 = 2;

/// A file that is ours: it is locked while the value lives.
#[derive(Debug)]
pub(super) struct TrackFile {
    path: PathBuf,
    file: Arc<File>,
    track: Track,
    /// Bytes of sound behind the header; always whole samples.
    sound: u64,
}

impl TrackFile {
    /// A new file with a header and no sound.
    pub(super) fn create(folder: &Path, id: VoiceSessionId, track: Track) -> io::Result<Self> {
        let path = folder.join(name_of(id, track));
        let file = loop {
            let file = options().create_new(true).open(&path)?;
            file.lock()?;
            // Somebody who tidies up may have taken the empty file away before it was locked.
            if is_linked(&file)? {
                break file;
            }
        };
        let header = Header::open_ended(track.sample_rate_hz());
        file.write_all_at(&header.to_bytes(), 0)?;
        sync_folder(folder)?;
        Ok(Self {
            path,
            file: Arc::new(file),
            track,
            sound: 0,
        })
    }

    /// The file that somebody left; `None` if it is in use or gone. Half a sample at its end, which
    /// a crash can leave, does not count.
    pub(super) fn claim(
        folder: &Path,
        id: VoiceSessionId,
        track: Track,
    ) -> io::Result<Option<Self>> {
        let path = folder.join(name_of(id, track));
        let file = match options().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if !is_linked(&file)? {
            return Ok(None);
        }
        let behind_header = file.metadata()?.len().saturating_sub(HEADER);
        Ok(Some(Self {
            path,
            file: Arc::new(file),
            track,
            sound: behind_header - behind_header % SAMPLE,
        }))
    }

    /// Appends whole samples. What failed halfway is overwritten by the next.
    pub(super) fn append(&mut self, pcm: &[u8]) -> io::Result<()> {
        self.file.write_all_at(pcm, HEADER + self.sound)?;
        self.sound += pcm.len() as u64;
        Ok(())
    }

    /// Makes it a WAV file of its true length, durably.
    pub(super) fn seal(&self) -> io::Result<()> {
        let header = Header::new(self.track.sample_rate_hz(), self.sound);
        self.file.set_len(HEADER + self.sound)?;
        self.file.write_all_at(&header.to_bytes(), 0)?;
        self.file.sync_all()
    }

    /// Removes the file, which may be gone already.
    pub(super) fn remove(self) -> io::Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    pub(super) const fn track(&self) -> Track {
        self.track
    }

    /// Bytes of sound in it.
    pub(super) const fn sound(&self) -> u64 {
        self.sound
    }

    /// The open file and how much of it counts.
    pub(super) fn content(&self) -> (Arc<File>, u64) {
        (Arc::clone(&self.file), HEADER + self.sound)
    }
}

/// The name of the file of this direction.
pub(super) fn name_of(id: VoiceSessionId, track: Track) -> String {
    format!("{id}.{}", track.file_name())
}

/// The conversation whose file bears this name; `None` for files of others.
pub(super) fn conversation_of(name: &str) -> Option<VoiceSessionId> {
    let (id, _) = name.split_once('.')?;
    let id = id.parse().ok()?;
    Track::ALL
        .into_iter()
        .any(|track| name_of(id, track) == name)
        .then_some(id)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

fn is_linked(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.nlink() > 0)
}
