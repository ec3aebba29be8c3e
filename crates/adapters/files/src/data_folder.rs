//! The one folder a process writes to.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use secrecy::SecretSlice;

use crate::disk::{create_folder, own_folder};
use crate::secret;

pub(crate) const LOCK: &str = "lock";
const OBJECTS: &str = "objects";
const JOURNAL: &str = "journal";
const CHARGES: &str = "charges";
const SPOOL: &str = "spool";
const RECORDINGS: &str = "recordings";
const INCOMING: &str = "incoming";
const KEYS: &str = "keys";

/// A data folder that belongs to this process until it is dropped (or the process ends in any way).
///
/// Below it: `objects/`, `journal/`, `charges/`, `spool/`, `recordings/`, `incoming/`, `keys/` and the file `lock`, all for
/// their owner alone, whoever could open them before. Other files, a database for instance, may lie
/// beside them; a folder that is there already is otherwise left as it is.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Locked while it is open.
    _lock: File,
    /// Held while a secret is made.
    making_secret: Mutex<()>,
}

/// The data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// Another process has it.
    #[error("{} is in use by another smartsight process{}", path.display(), pid_note(*.pid))]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The other process, if it can be told.
        pid: Option<u32>,
    },
    /// A file or folder cannot be created, read or written.
    #[error("{} cannot be used", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A stored secret is not what it should be; deleting the file makes a new one.
    #[error("{} does not hold {length} bytes in hexadecimal", path.display())]
    DamagedSecret {
        /// The secret's file.
        path: PathBuf,
        /// How many bytes were asked for.
        length: usize,
    },
    /// The system gives no random bytes.
    #[error("no source of randomness")]
    NoRandomness(#[source] getrandom::Error),
}

impl DataFolder {
    /// Opens the folder for this process alone, creating what is missing.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataFolderError> {
        let path = real_path(path.as_ref())?;
        let lock = lock(&path)?;
        for name in [OBJECTS, JOURNAL, CHARGES, SPOOL, RECORDINGS, INCOMING, KEYS] {
            let folder = path.join(name);
            own_folder(&folder).map_err(|error| failed(&folder, error))?;
        }
        Ok(Self {
            path,
            _lock: lock,
            making_secret: Mutex::new(()),
        })
    }

    /// The folder's real path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a [`crate::FolderStore`] belongs.
    pub fn objects(&self) -> PathBuf {
        self.path.join(OBJECTS)
    }

    /// Where a [`crate::FolderJournal`] belongs.
    pub fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    /// Where [`crate::FolderCharges`] belong.
    pub fn charges(&self) -> PathBuf {
        self.path.join(CHARGES)
    }

    /// Where a [`crate::FolderSpool`] belongs.
    pub fn spool(&self) -> PathBuf {
        self.path.join(SPOOL)
    }

    /// Where [`crate::FolderRecordings`] belong.
    pub fn recordings(&self) -> PathBuf {
        self.path.join(RECORDINGS)
    }

    /// Where a [`crate::FolderScratch`] belongs.
    pub fn incoming(&self) -> PathBuf {
        self.path.join(INCOMING)
    }

    /// `length` random bytes that are made when they are first asked for and stay the same, kept in
    /// hexadecimal in `keys/{name}`.
    pub fn secret(&self, name: &str, length: usize) -> Result<SecretSlice<u8>, DataFolderError> {
        let _one_at_a_time = self
            .making_secret
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        secret::load_or_make(&self.path.join(KEYS), name, length)
    }
}

/// The error of working on `path`.
pub(crate) fn failed(path: &Path, source: io::Error) -> DataFolderError {
    DataFolderError::Io {
        path: path.to_owned(),
        source,
    }
}

fn real_path(path: &Path) -> Result<PathBuf, DataFolderError> {
    let created = create_folder(path).and_then(|()| path.canonicalize());
    created.map_err(|error| failed(path, error))
}

/// The lock goes with the open file, so a crash leaves none behind.
fn lock(folder: &Path) -> Result<File, DataFolderError> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path);
    let mut file = file.map_err(|error| failed(&path, error))?;
    match file.try_lock() {
        Ok(()) => write_pid(&mut file).map_err(|error| failed(&path, error))?,
        Err(TryLockError::WouldBlock) => return Err(in_use(folder, file)),
        Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
    }
    Ok(file)
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn in_use(folder: &Path, mut lock: File) -> DataFolderError {
    let mut text = String::new();
    let pid = lock.read_to_string(&mut text);
    DataFolderError::InUse {
        path: folder.to_owned(),
        pid: pid.ok().and_then(|_| text.trim().parse().ok()),
    }
}

fn pid_note(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}
