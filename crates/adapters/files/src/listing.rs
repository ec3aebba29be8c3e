//! Finding objects by the beginning of their keys.
//!
//! The order is that of the paths, folder by folder, so that a list goes on after any key without
//! reading what lies before it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use objects::{KeyPrefix, Listed, ObjectKey};

use crate::object_file::{self, BadFile};
use crate::object_path::{folder_of, key_of, path_of};

const MOST: usize = 1000;

/// Up to 1,000 objects below `root` that begin with the prefix, after the given one.
pub(crate) fn list(
    root: &Path,
    prefix: &KeyPrefix,
    after: Option<&ObjectKey>,
) -> io::Result<Vec<Listed>> {
    let mut walk = Walk {
        root,
        after: after.map(path_of),
        found: Vec::new(),
    };
    walk.enter(&folder_of(prefix))?;
    Ok(walk.found)
}

struct Walk<'a> {
    root: &'a Path,
    after: Option<PathBuf>,
    found: Vec<Listed>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        for name in names(&self.root.join(folder))? {
            if self.found.len() == MOST {
                return Ok(());
            }
            let path = folder.join(name);
            if !self.lies_behind(&path) {
                self.visit(&path)?;
            }
        }
        Ok(())
    }

    /// A folder on the way to where the list goes on does not.
    fn lies_behind(&self, path: &Path) -> bool {
        let after = self.after.as_deref();
        after.is_some_and(|after| path == after || (path < after && !after.starts_with(path)))
    }

    /// Links are not followed; what goes away meanwhile is not there.
    fn visit(&mut self, path: &Path) -> io::Result<()> {
        let full = self.root.join(path);
        let Some(kind) = present(full.symlink_metadata())?.map(|meta| meta.file_type()) else {
            return Ok(());
        };
        if kind.is_dir() {
            return self.enter(path);
        }
        if let (true, Some(key)) = (kind.is_file(), key_of(path))
            && let Some(size) = size(&full)?
        {
            self.found.push(Listed { key, size });
        }
        Ok(())
    }
}

fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let Some(entries) = present(std::fs::read_dir(folder))? else {
        return Ok(Vec::new());
    };
    let names: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.file_name())).collect();
    let mut names = names?;
    names.sort_unstable();
    Ok(names)
}

/// A damaged object is listed all the same, with the size of its file.
fn size(path: &Path) -> io::Result<Option<u64>> {
    let Some(mut file) = present(File::open(path))? else {
        return Ok(None);
    };
    match object_file::read_label(&mut file) {
        Ok(label) => Ok(Some(label.size())),
        Err(BadFile::Io(error)) => Err(error),
        Err(_) => Ok(Some(file.metadata()?.len())),
    }
}

fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
