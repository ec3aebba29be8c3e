//! The folder itself: where drafts are written, what is in it, how it is made durable.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::draft::Draft;
use super::private::{create_folder, sync_folder};

const DRAFTS: &str = ".tmp";
/// How often a write is tried while others remove the folders it needs.
const ATTEMPTS: usize = 4;
/// Forgetting a settled folder only costs an fsync, remembering all of them costs memory for ever.
const MOST_SETTLED: usize = 4096;

/// A folder whose files are replaced as a whole. Paths given to it are relative and do not climb; a
/// symbolic link anywhere below the folder is refused.
///
/// At most one is open on a folder at a time: opening it deletes what unfinished writes left.
#[derive(Debug)]
pub(crate) struct DurableFolder {
    root: PathBuf,
    serial: AtomicU64,
    /// Folders below the root known to survive a crash.
    settled: Mutex<HashSet<PathBuf>>,
}

impl DurableFolder {
    /// Opens the folder, creating it if need be.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        create_folder(path)?;
        let root = path.canonicalize()?;
        let drafts = root.join(DRAFTS);
        create_folder(&drafts)?;
        remove_files(&drafts)?;
        sync_folder(&root)?;
        Ok(Self {
            root,
            serial: AtomicU64::new(0),
            settled: Mutex::default(),
        })
    }

    /// The folder's real path.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes the parts one after another to a durable file aside.
    pub(crate) fn draft(&self, parts: &[&[u8]]) -> io::Result<Draft> {
        Draft::write(self.aside(), parts)
    }

    /// An empty file aside.
    pub(crate) fn empty_draft(&self) -> io::Result<Draft> {
        Draft::create(self.aside())
    }

    fn aside(&self) -> PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        self.root.join(DRAFTS).join(format!("{serial:x}"))
    }

    /// Puts the parts one after another into the file at `path`, replacing it as a whole; durable
    /// when this returns.
    pub(crate) fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        self.place(path, self.draft(parts)?)
    }

    /// Moves a durable draft to `path`, replacing what is there as a whole; durable when this
    /// returns.
    pub(crate) fn place(&self, path: &Path, mut draft: Draft) -> io::Result<()> {
        let path = self.root.join(path);
        for _ in 1..ATTEMPTS {
            match self.try_place(&path, &mut draft) {
                // The folder became empty and was removed just now.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                done => return done,
            }
        }
        self.try_place(&path, &mut draft)
    }

    fn try_place(&self, path: &Path, draft: &mut Draft) -> io::Result<()> {
        let folder = parent(path)?;
        self.settle(folder)?;
        draft.place(path)?;
        sync_folder(folder)
    }

    /// Puts a draft at `path` unless there is something; `false` if there is. Durable when this
    /// returns.
    pub(crate) fn place_new(&self, path: &Path, draft: &Draft) -> io::Result<bool> {
        draft.sync()?;
        let path = self.root.join(path);
        for _ in 1..ATTEMPTS {
            match self.try_place_new(&path, draft) {
                // The folder became empty and was removed just now.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                done => return done,
            }
        }
        self.try_place_new(&path, draft)
    }

    fn try_place_new(&self, path: &Path, draft: &Draft) -> io::Result<bool> {
        let folder = parent(path)?;
        self.settle(folder)?;
        let placed = draft.place_new(path)?;
        sync_folder(folder)?;
        Ok(placed)
    }

    /// Opens the file at `path`; `None` if there is none.
    pub(crate) fn file(&self, path: &Path) -> io::Result<Option<File>> {
        let path = self.root.join(path);
        match refuse_links(&path).and_then(|()| File::open(&path)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the file at `path` and the folders that become empty by it, durably; says whether
    /// there was one.
    pub(crate) fn remove(&self, path: &Path) -> io::Result<bool> {
        let path = self.root.join(path);
        let folder = parent(&path)?;
        match refuse_links(folder).and_then(|()| std::fs::remove_file(&path)) {
            Ok(()) => self.remove_empty(folder).map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes this folder and those above it as far as they are empty; what is left is durable.
    fn remove_empty(&self, mut folder: &Path) -> io::Result<()> {
        while folder != self.root {
            match std::fs::remove_dir(folder) {
                Ok(()) => folder = parent(folder)?,
                Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => break,
                // Somebody else has removed it too.
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        match sync_folder(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            synced => synced,
        }
    }

    /// Creates `folder` and what is missing between the root and it, durably.
    fn settle(&self, folder: &Path) -> io::Result<()> {
        if folder == self.root || (self.settled().contains(folder) && refuse_links(folder).is_ok())
        {
            return Ok(());
        }
        let above = parent(folder)?;
        self.settle(above)?;
        create_folder(folder)?;
        refuse_links(folder)?;
        sync_folder(above)?;
        self.remember(folder);
        Ok(())
    }

    fn remember(&self, folder: &Path) {
        let mut settled = self.settled();
        if settled.len() >= MOST_SETTLED {
            settled.clear();
        }
        settled.insert(folder.to_owned());
    }

    fn settled(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The root is a real path, so a path below it is real too unless a link stands in it.
fn refuse_links(path: &Path) -> io::Result<()> {
    if path.canonicalize()? == path {
        return Ok(());
    }
    let message = format!("a symbolic link in {}", path.display());
    Err(io::Error::new(ErrorKind::PermissionDenied, message))
}

fn parent(path: &Path) -> io::Result<&Path> {
    let none = || io::Error::new(ErrorKind::InvalidInput, "a path without a folder");
    path.parent().ok_or_else(none)
}

fn remove_files(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        std::fs::remove_file(entry?.path())?;
    }
    Ok(())
}
