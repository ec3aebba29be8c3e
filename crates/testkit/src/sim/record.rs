//! Requests as they arrived.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

/// One request, refused ones included.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The path, with its query.
    pub path: String,
    /// All headers, the key's too.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RecordedRequest {
    /// A header's text; `None` if it is absent or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The student the request is made for.
    pub fn student(&self) -> Option<String> {
        self.json()["safety_identifier"].as_str().map(str::to_owned)
    }

    /// The first image's URL, `data:` or link.
    pub fn image_url(&self) -> Option<String> {
        let body = self.json();
        let items = body["input"].as_array()?;
        items
            .iter()
            .filter_map(|item| item["content"].as_array())
            .flatten()
            .find_map(|part| part["image_url"].as_str().map(str::to_owned))
    }

    /// The first image's bytes, if it came in the body.
    pub fn image(&self) -> Option<Vec<u8>> {
        let url = self.image_url()?;
        let (_, data) = url.split_once(";base64,")?;
        STANDARD.decode(data).ok()
    }
}
