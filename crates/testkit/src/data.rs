//! The folder of real pages, photos and broken files that tests read.

use std::path::{Path, PathBuf};

/// A file of the test data: `SMARTSIGHT_TEST_DATA`, else `shared/data` beside the checkout.
///
/// # Panics
/// When the file is not there, naming the variable to set.
pub fn path(relative: &str) -> PathBuf {
    let file = place(relative);
    assert!(
        file.exists(),
        "{} is missing; set SMARTSIGHT_TEST_DATA",
        file.display()
    );
    file
}

/// The same; `None` when the file is not there.
pub fn find(relative: &str) -> Option<PathBuf> {
    Some(place(relative)).filter(|file| file.exists())
}

fn place(relative: &str) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("SMARTSIGHT_TEST_DATA").map_or(beside, PathBuf::from);
    root.join(relative)
}

/// The bytes of a file of the test data.
///
/// # Panics
/// When it cannot be read.
pub fn bytes(relative: &str) -> Vec<u8> {
    let file = path(relative);
    std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// A JSON file of the test data.
///
/// # Panics
/// When it cannot be read or parsed.
pub fn json(relative: &str) -> serde_json::Value {
    serde_json::from_slice(&bytes(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
}
