//! Where an object lies in the folder.

use std::path::PathBuf;

use objects::ObjectKey;

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
