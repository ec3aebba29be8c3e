//! How processes tell each other what was seen.

use kernel::{Fault, PortError, PortResult};
use serde::{Deserialize, Serialize};
use voice::ContextEntry;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sender(String);

impl Sender {
    /// One that no other process has.
    pub(super) fn random() -> PortResult<Self> {
        let mut random = [0; 16];
        let filled = getrandom::fill(&mut random);
        filled.map_err(|error| PortError::new(Fault::Unavailable, "name a process", error))?;
        Ok(Self(hex::encode(random)))
    }
}

/// What goes through Redis, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) sender: Sender,
    pub(super) entry: ContextEntry,
}

impl Message {
    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    pub(super) fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}
