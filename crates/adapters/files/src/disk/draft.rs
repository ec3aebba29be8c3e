//! A file that is not yet in its place.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::private::create_new_file;

/// A file aside; it is deleted unless it is moved into place.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    file: File,
    is_placed: bool,
}

impl Draft {
    /// A new and empty file at `path`.
    pub(crate) fn create(path: PathBuf) -> io::Result<Self> {
        let file = create_new_file(&path)?;
        Ok(Self {
            path,
            file,
            is_placed: false,
        })
    }

    /// Writes the parts one after another into a new file at `path` and fsyncs it.
    pub(crate) fn write(path: PathBuf, parts: &[&[u8]]) -> io::Result<Self> {
        let mut draft = Self::create(path)?;
        for part in parts {
            draft.append(part)?;
        }
        draft.sync()?;
        Ok(draft)
    }

    /// Writes more.
    pub(crate) fn append(&mut self, part: &[u8]) -> io::Result<()> {
        self.file.write_all(part)
    }

    /// The same draft with more in it; one that takes no more is deleted.
    pub(crate) fn appended(mut self, part: &[u8]) -> io::Result<Self> {
        self.append(part)?;
        Ok(self)
    }

    /// What was written, to be read while the draft is there.
    pub(crate) fn reader(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    /// Makes what was written durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Takes the place of whatever is at `target`, at once; failing leaves it where it is. The
    /// caller makes draft and folder durable.
    pub(crate) fn place(&mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.is_placed = true;
        Ok(())
    }
}

impl Draft {
    /// Stands at `target` too from now on; `false` if something is there. The caller makes draft and
    /// folder durable.
    pub(crate) fn place_new(&self, target: &Path) -> io::Result<bool> {
        match std::fs::hard_link(&self.path, target) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.is_placed {
            return;
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), error = %error,
                "unfinished file could not be removed, the next start will try again");
        }
    }
}
