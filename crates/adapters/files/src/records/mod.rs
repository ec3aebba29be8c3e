//! A bounded set of small files, one record each.
//!
//! What is there is read once when the folder is opened and then counted in memory. Moving a file
//! into place and counting it happen under one lock, so the count is that of the files.

mod bounds;
mod index;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use kernel::{Fault, PortError, PortResult, Timestamp};
use vision::Held;

use crate::disk::{DurableFolder, create_folder, sync_folder};
use crate::fault::while_doing;
pub use bounds::Bounds;
use index::Index;

const REJECTED: &str = "rejected";

/// What a file found in the folder is.
pub(crate) enum Found<T> {
    /// A record, with what is kept of it in memory.
    Record(T),
    /// A record that cannot be read; it is moved to `rejected`.
    Damaged,
    /// Something else, left alone.
    Foreign,
}

/// Records by file name, within bounds. Those moved to the folder `rejected` no
/// longer count.
#[derive(Debug)]
pub(crate) struct Records<T> {
    folder: DurableFolder,
    bounds: Bounds,
    index: Mutex<Index<T>>,
}

impl<T: Clone> Records<T> {
    /// Opens the folder, creating it if need be; `describe` says what each file in it is.
    pub(crate) fn open(
        path: &Path,
        bounds: Bounds,
        describe: impl Fn(&str, &Path) -> io::Result<Found<T>>,
    ) -> io::Result<Self> {
        let folder = DurableFolder::open(path)?;
        create_folder(&folder.root().join(REJECTED))?;
        sync_folder(folder.root())?;
        let records = Self {
            folder,
            bounds,
            index: Mutex::new(Index::new(bounds.bytes)),
        };
        records.scan(describe)?;
        Ok(records)
    }

    /// Keeps the parts, one after another, as the record `name`, replacing it if it is there;
    /// durable when this returns.
    pub(crate) fn put(
        &self,
        context: &'static str,
        name: &str,
        kept: T,
        parts: &[&[u8]],
    ) -> PortResult<()> {
        let size = parts.iter().map(|part| part.len() as u64).sum();
        if !self.index().reserve(name, size) {
            return Err(PortError::bare(Fault::Full, context));
        }
        let placed = self.place(name, size, kept, parts);
        self.index().release(size);
        placed.map_err(while_doing(context))
    }

    /// The record's bytes; `None` if there is no such record.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(mut file) = self.folder.file(Path::new(name))? else {
            // Somebody took the file away by hand.
            self.index().remove(name);
            return Ok(None);
        };
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        Ok(Some(content))
    }

    /// Forgets the record. A crash may bring it back, which does no harm: what waits here is
    /// written under ids that make a second write change nothing.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        let mut index = self.index();
        absent_is_fine(std::fs::remove_file(self.path(name)))?;
        index.remove(name);
        Ok(())
    }

    /// Removes every record whose bytes are `theirs`, those in the folder `rejected` too; `hear`
    /// hears the size of each. Of records that `may_be` says no to, nothing is read.
    pub(crate) fn remove_all(
        &self,
        may_be: impl Fn(&T) -> bool,
        theirs: impl Fn(&[u8]) -> bool,
        mut hear: impl FnMut(u64),
    ) -> io::Result<()> {
        for name in self.names_of(may_be) {
            if let Some(content) = self.read(&name)?
                && theirs(&content)
            {
                self.remove(&name)?;
                hear(content.len() as u64);
            }
        }
        for entry in std::fs::read_dir(self.folder.root().join(REJECTED))? {
            let path = entry?.path();
            let content = std::fs::read(&path)?;
            if theirs(&content) {
                absent_is_fine(std::fs::remove_file(&path))?;
                hear(content.len() as u64);
            }
        }
        sync_folder(&self.folder.root().join(REJECTED))?;
        sync_folder(self.folder.root())
    }

    fn names_of(&self, wanted: impl Fn(&T) -> bool) -> Vec<String> {
        let index = self.index();
        let names = index.named().filter(|(_, kept)| wanted(kept));
        names.map(|(name, _)| name.clone()).collect()
    }

    /// Moves the record's file to the folder `rejected`; without such a record does nothing.
    pub(crate) fn reject(&self, name: &str) -> io::Result<()> {
        let mut index = self.index();
        self.move_aside(name)?;
        index.remove(name);
        Ok(())
    }

    /// What is kept in memory of each record, by name.
    pub(crate) fn kept(&self) -> Vec<T> {
        self.index().kept().cloned().collect()
    }

    /// What is kept in memory of the first `limit` records by name.
    pub(crate) fn first(&self, limit: usize) -> Vec<T> {
        self.index().kept().take(limit).cloned().collect()
    }

    /// What is kept in memory of the first record by name that is wanted.
    pub(crate) fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        self.index().kept().find(|kept| wanted(kept)).cloned()
    }

    /// How many records there are, and their bytes.
    pub(crate) fn held(&self) -> Held {
        let (count, bytes) = self.index().held();
        Held { count, bytes }
    }

    /// Whether there is room for so many bytes more. Age closes the door to new work alone: what
    /// was let in before is still taken.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        let index = self.index();
        let is_too_old = |since| self.bounds.is_too_old(since);
        index.free() >= bytes && !index.oldest().is_some_and(is_too_old)
    }

    /// Since when the record has waited that waits longest.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.index().oldest().map(Timestamp::from)
    }

    fn place(&self, name: &str, size: u64, kept: T, parts: &[&[u8]]) -> io::Result<()> {
        let mut draft = self.folder.draft(parts)?;
        {
            let mut index = self.index();
            draft.place(&self.path(name))?;
            index.insert(name, (size, SystemTime::now()), kept);
        }
        sync_folder(self.folder.root())
    }

    fn scan(&self, describe: impl Fn(&str, &Path) -> io::Result<Found<T>>) -> io::Result<()> {
        for entry in std::fs::read_dir(self.folder.root())? {
            let entry = entry?;
            let Some(name) = plain_file(&entry)? else {
                continue;
            };
            match describe(&name, &entry.path())? {
                Found::Record(kept) => {
                    let meta = entry.metadata()?;
                    let counted = (meta.len(), meta.modified()?);
                    self.index().insert(&name, counted, kept);
                }
                Found::Damaged => self.reject_found(&name)?,
                Found::Foreign => tracing::warn!(path = %entry.path().display(),
                    "unknown file among waiting records is left alone"),
            }
        }
        Ok(())
    }

    fn reject_found(&self, name: &str) -> io::Result<()> {
        tracing::error!(path = %self.path(name).display(),
            "waiting record cannot be read, moved to the folder rejected");
        self.move_aside(name)
    }

    fn move_aside(&self, name: &str) -> io::Result<()> {
        let aside = self.folder.root().join(REJECTED).join(name);
        absent_is_fine(std::fs::rename(self.path(name), aside))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.root().join(name)
    }

    fn index(&self) -> MutexGuard<'_, Index<T>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a regular file; `None` for folders, links and names that are not text.
fn plain_file(entry: &std::fs::DirEntry) -> io::Result<Option<String>> {
    let is_file = entry.file_type()?.is_file();
    let name = entry.file_name().into_string().ok();
    Ok(name.filter(|_| is_file))
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
