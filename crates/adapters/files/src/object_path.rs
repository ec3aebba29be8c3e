//! Where an object lies in the folder.

use std::path::{Path, PathBuf};

use objects::{KeyPrefix, ObjectKey};

/// Linux file systems end names at 255 bytes.
const MAX_PIECE: usize = 200;

/// The object's path: `a/b/@c.jpg` for the key `a/b/c.jpg`.
///
/// A file's name begins with a sign that no key contains, so the keys `a` and `a/b` do not get in
/// each other's way. A segment of more than 200 bytes is cut into nested folders whose names end in
/// `+`, which no key contains either.
pub(crate) fn path_of(key: &ObjectKey) -> PathBuf {
    let mut path = PathBuf::new();
    let mut segments = key.as_str().split('/').peekable();
    while let Some(segment) = segments.next() {
        let rest = push_pieces(&mut path, segment);
        if segments.peek().is_some() {
            path.push(rest);
        } else {
            path.push(format!("@{rest}"));
        }
    }
    path
}

/// The folder below which the objects of the prefix lie.
pub(crate) fn folder_of(prefix: &KeyPrefix) -> PathBuf {
    let mut path = PathBuf::new();
    for segment in prefix.as_str().split_terminator('/') {
        let rest = push_pieces(&mut path, segment);
        path.push(rest);
    }
    path
}

/// The key of the object that lies at this path; `None` if no object does.
pub(crate) fn key_of(path: &Path) -> Option<ObjectKey> {
    let mut key = String::new();
    for name in path.parent()? {
        let name = name.to_str()?;
        match name.strip_suffix('+') {
            Some(piece) => key.push_str(piece),
            None => key.extend([name, "/"]),
        }
    }
    key.push_str(path.file_name()?.to_str()?.strip_prefix('@')?);
    key.parse().ok().filter(|key| path_of(key) == path)
}

/// Pushes all of a long segment but its end, which is returned. Keys are ASCII.
fn push_pieces<'a>(path: &mut PathBuf, segment: &'a str) -> &'a str {
    let mut rest = segment;
    while rest.len() > MAX_PIECE {
        let (piece, more) = rest.split_at(MAX_PIECE);
        path.push(format!("{piece}+"));
        rest = more;
    }
    rest
}
