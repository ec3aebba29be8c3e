//! Files and folders that only their owner can open.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Creates the folder and what is missing above it, for the owner alone; one that exists is left
/// as it is.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// As [`create_folder`], and a folder that others could open no longer is one. Whose folder it is may
/// be somebody else's affair, as with a mounted volume; then it stays as it is.
pub(crate) fn own_folder(path: &Path) -> io::Result<()> {
    create_folder(path)?;
    let mode = path.metadata()?.permissions().mode();
    let to_others = mode & 0o077;
    if to_others == 0 {
        return Ok(());
    }
    match std::fs::set_permissions(path, Permissions::from_mode(0o700)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), "others may open this folder, and it is not ours to close");
            Ok(())
        }
        done => done,
    }
}

/// Creates a file for the owner alone; fails if there is one.
pub(crate) fn create_new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Makes the folder's entries durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
