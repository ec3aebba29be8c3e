//! What changes about jobs.

use kernel::JobId;
use serde::{Deserialize, Serialize};

/// A job was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobAccepted {
    /// The job.
    pub job_id: JobId,
    /// What is to be done.
    pub kind: String,
}

/// A job ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobEnded {
    /// The job.
    pub job_id: JobId,
    /// What was to be done.
    pub kind: String,
    /// Why it failed, as a short code; null when it is done.
    pub failure: Option<String>,
}
