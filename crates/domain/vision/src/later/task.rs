//! What is stored of an analysis that is made in a job.

use kernel::{LearningEventId, SessionId, Timestamp};
use objects::ObjectKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The version that is written.
const VERSION: u8 = 1;

/// What is to be analyzed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnalyzeTask {
    /// The image, which is stored.
    pub(super) s3_key: String,
    /// It came with the request, so it is somewhere, even where the store does not have it yet.
    pub(super) uploaded: bool,
    /// The session, which was active when the request was accepted; without one a new one starts.
    pub(super) session_id: Option<SessionId>,
    /// When the picture was taken.
    pub(super) captured_at: Timestamp,
    /// When the request was accepted.
    pub(super) accepted_at: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnalyzeResult {
    /// The learning event, which is in the database.
    pub(super) analysis_id: LearningEventId,
}

impl AnalyzeTask {
    /// The image's key; `None` if it is none.
    pub(super) fn key(&self) -> Option<ObjectKey> {
        self.s3_key.parse().ok()
    }
}

/// The document as it is stored.
pub(super) fn written<T: Serialize>(document: &T) -> Value {
    let mut value = json!(document);
    value["version"] = VERSION.into();
    value
}

/// A stored document; `None` for a version or shape this build does not know.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    if value["version"] != VERSION {
        return None;
    }
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_build_stored_reads_back_to_the_same_json() {
        let task = json!({
            "version": 1, "s3Key": "uploads/x.jpg", "uploaded": true, "sessionId": null,
            "capturedAt": "2026-03-01T10:00:00Z", "acceptedAt": "2026-03-01T10:00:01Z",
        });
        assert_eq!(written(&read::<AnalyzeTask>(&task).unwrap()), task);
        let result = json!({ "version": 1, "analysisId": "00000000-0000-0000-0000-000000000002" });
        assert_eq!(written(&read::<AnalyzeResult>(&result).unwrap()), result);
    }

    #[test]
    fn another_version_is_not_guessed_at() {
        let result = json!({ "version": 2, "analysisId": "00000000-0000-0000-0000-000000000002" });
        assert_eq!(read::<AnalyzeResult>(&result), None);
    }
}
