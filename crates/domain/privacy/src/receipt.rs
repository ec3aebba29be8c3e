//! What an erasure has removed.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Serialize;

use crate::Amount;

/// What went. It holds nothing of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// When the erasure was complete.
    pub erased_at: Timestamp,
    /// Objects of the store.
    pub objects: Amount,
    /// Rows, by table; tables without any are not named.
    pub rows: BTreeMap<String, u64>,
    /// What waited elsewhere, by place; places without any are not named.
    pub waiting: BTreeMap<String, Amount>,
}
