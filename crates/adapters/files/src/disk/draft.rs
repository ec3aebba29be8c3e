//! A file that is complete and durable but not yet in its place.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::private::create_new_file;

/// A written file aside; it is deleted unless it is moved into place.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    is_placed: bool,
}

impl Draft {
    /// Writes the parts one after another into a new file at `path` and fsyncs it.
    pub(crate) fn write(path: PathBuf, parts: &[&[u8]]) -> io::Result<Self> {
        let mut file = create_new_file(&path)?;
        let draft = Self {
            path,
            is_placed: false,
        };
        for part in parts {
            file.write_all(part)?;
        }
        file.sync_all()?;
        Ok(draft)
    }

    /// Takes the place of whatever is at `target`, at once. The caller makes the folder durable.
    pub(crate) fn place(mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.is_placed = true;
        Ok(())
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
