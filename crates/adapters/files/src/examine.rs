//! What the operator's doctor asks of a data folder, beside the process that has it.

use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::data_folder::{LOCK, failed};
use crate::disk::create_new_file;
use crate::{DataFolder, DataFolderError};

/// What was found. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderReport {
    /// Whether it is there; else the rest is said of the folder it would be made in.
    pub exists: bool,
    /// Bytes this user may still write to the disk it lies on.
    pub free_bytes: u64,
    /// Whether others on this machine may look into it.
    pub is_open_to_others: bool,
    /// The process that was last said to have it, if that one runs.
    pub in_use_by: Option<u32>,
}

impl DataFolder {
    /// Looks at the folder without opening it: makes, writes and removes one file there, and takes
    /// no lock.
    ///
    /// # Errors
    /// When nothing can be written there, or it cannot be looked at.
    pub fn examine(path: &Path) -> Result<FolderReport, DataFolderError> {
        let exists = path.exists();
        let place = nearest(path);
        let found = look(&place, exists);
        found.map_err(|error| failed(&place, error))
    }
}

/// The folder itself, or the nearest thing above it that is there.
fn nearest(path: &Path) -> PathBuf {
    let here = Path::new(".");
    let there = path.ancestors().find(|place| place.exists());
    there.unwrap_or(here).to_owned()
}

fn look(place: &Path, exists: bool) -> io::Result<FolderReport> {
    write_probe(place)?;
    let disk = rustix::fs::statvfs(place)?;
    let mode = place.metadata()?.permissions().mode();
    Ok(FolderReport {
        exists,
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        is_open_to_others: exists && mode & 0o077 != 0,
        in_use_by: holder(&place.join(LOCK)),
    })
}

fn write_probe(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let mut file = create_new_file(&path)?;
    let written = file.write_all(b"probe").and_then(|()| file.sync_all());
    std::fs::remove_file(&path)?;
    written
}

/// Trying the lock would keep a server from starting in just that moment.
fn holder(lock: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(lock).ok()?;
    let process = text.trim().parse::<u32>().ok()?;
    let known = Path::new("/proc").join(process.to_string()).metadata();
    let runs = !matches!(known, Err(error) if error.kind() == ErrorKind::NotFound);
    runs.then_some(process)
}
