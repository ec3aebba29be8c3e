//! A request as any model understands it, whatever the provider's protocol.

use serde_json::Value;

/// What is asked.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// The schema of the answer, if one is asked for.
    pub(super) schema: Option<Value>,
    /// Any JSON object will do.
    pub(super) wants_object: bool,
    /// Everything the model reads but images, one text.
    pub(super) words: String,
    /// SHA-256 of every image, in hexadecimal.
    pub(super) images: Vec<String>,
}
