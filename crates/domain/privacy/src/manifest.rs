//! What an export says of itself.

use std::collections::BTreeMap;

use kernel::{Timestamp, UserId};
use serde::Serialize;

use crate::Withheld;

/// The version of the export's shape.
pub const MANIFEST_VERSION: u32 = 1;

/// How many things a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The file in the archive.
    pub file: String,
    /// Its lines.
    pub count: u64,
}

/// `manifest.json`, the last file of an export: it counts what is in the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of the export's shape.
    pub version: u32,
    /// Whose export it is.
    pub user_id: UserId,
    /// When it was begun.
    pub exported_at: Timestamp,
    /// The files of lines, by kind.
    pub kinds: BTreeMap<String, Counted>,
    /// How many objects lie below `images/`, and how many bytes they have.
    pub images: crate::Amount,
    /// How many objects lie below `segments/`: sound recorded for images.
    pub segments: crate::Amount,
    /// How many objects lie below `voice/`: recordings of conversations with the tutor. A direction
    /// without sound has none.
    pub recordings: crate::Amount,
    /// Keys of images, and of sound of segments, that rows name and no object has.
    pub missing_images: Vec<String>,
    /// What is kept and not in the export, and why.
    pub withheld: Vec<Withheld>,
}
