//! The files that were committed.

use std::io;
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

/// A file of a corpus.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The file's name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The corpus of a target, by name of the files: what it shall understand, what it shall refuse, and
/// what once broke a promise (`regression-…`).
///
/// # Panics
/// When there is none, or it cannot be read.
pub fn corpus(target: &str) -> Vec<Seed> {
    let folder = Path::new(FOLDER).join(target);
    let seeds = read(&folder);
    let mut seeds = seeds.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(!seeds.is_empty(), "{}: no files", folder.display());
    seeds.sort_by(|one, other| one.name.cmp(&other.name));
    seeds
}

fn read(folder: &Path) -> io::Result<Vec<Seed>> {
    let seed = |entry: io::Result<std::fs::DirEntry>| {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok(Seed {
            name,
            bytes: std::fs::read(entry.path())?,
        })
    };
    std::fs::read_dir(folder)?.map(seed).collect()
}
