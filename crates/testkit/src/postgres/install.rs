//! Where Postgres is installed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of `postgres`, `initdb` and `psql`.
///
/// # Panics
/// When Postgres is not installed.
pub(super) fn binaries() -> PathBuf {
    let in_path = std::env::var_os("PATH");
    let in_path = in_path.iter().flat_map(std::env::split_paths);
    let mut folders: Vec<PathBuf> = in_path.chain(debian()).collect();
    folders.retain(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    let newest = folders.into_iter().next();
    newest.unwrap_or_else(|| {
        panic!("apt-get install postgresql, or set SMARTSIGHT_TEST_POSTGRES to a server")
    })
}

/// `psql`, which Debian puts in `PATH` also where no server is installed.
pub(super) fn psql() -> PathBuf {
    debian()
        .map(|folder| folder.join("psql"))
        .find(|psql| psql.exists())
        .unwrap_or_else(|| "psql".into())
}

/// The newest version first.
fn debian() -> impl Iterator<Item = PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    versions.into_iter().map(|version| version.join("bin"))
}

fn version(path: &Path) -> Option<u32> {
    path.file_name().and_then(OsStr::to_str)?.parse().ok()
}
