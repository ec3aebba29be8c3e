//! What an archive says of itself.

use std::collections::BTreeMap;

use kernel::Timestamp;
use privacy::Amount;
use serde::{Deserialize, Serialize};

/// The version of the archive's shape.
pub const INVENTORY_VERSION: u32 = 1;

/// `inventory.json`, the last file of an archive: it counts what is in the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// Version of the archive's shape.
    pub version: u32,
    /// When it was begun.
    pub made_at: Timestamp,
    /// The migrations of the schema the rows are of.
    pub schema: Vec<String>,
    /// How many rows `tables/{name}.jsonl` holds.
    pub tables: BTreeMap<String, u64>,
    /// How many objects lie below `objects/`, and how many bytes they have.
    pub objects: Amount,
}

/// What the archive's files are called.
pub(crate) const INVENTORY: &str = "inventory.json";
pub(crate) const OBJECTS: &str = "objects.jsonl";

pub(crate) fn table_file(name: &str) -> String {
    format!("tables/{name}.jsonl")
}

pub(crate) fn object_file(key: &str) -> String {
    format!("objects/{key}")
}

/// A line of `objects.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Object {
    pub(crate) key: String,
    pub(crate) content_type: String,
    pub(crate) size: u64,
}
