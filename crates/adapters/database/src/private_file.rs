//! A file that only its owner can open.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What SQLite writes beside its file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Creates the file and its folder if need be, and closes the file and what lies beside it to others.
pub(crate) fn own(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
    if let Some(folder) = folder {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match created {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    close(file)?;
    BESIDE.iter().try_for_each(|end| close(&beside(file, end)))
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// What is not there, or not ours, stays as it is.
fn close(file: &Path) -> io::Result<()> {
    let mode = match file.metadata() {
        Ok(metadata) => metadata.permissions().mode(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let to_others = mode & 0o077;
    if to_others == 0 {
        return Ok(());
    }
    match std::fs::set_permissions(file, Permissions::from_mode(0o600)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            tracing::warn!(path = %file.display(), "others may open this file, and it is not ours to close");
            Ok(())
        }
        // SQLite has removed it meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
