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

    /// The student the request is made for, if the protocol has a place for it.
    pub fn student(&self) -> Option<String> {
        let body = self.json();
        let places = ["/safety_identifier", "/metadata/user_id"];
        let mut named = places.iter().filter_map(|place| body.pointer(place));
        named.find_map(Value::as_str).map(str::to_owned)
    }

    /// The first image's link, or its bytes as a `data:` URL.
    pub fn image_url(&self) -> Option<String> {
        let body = self.json();
        let parts = ["input", "messages", "contents"]
            .into_iter()
            .filter_map(|list| body[list].as_array())
            .flatten()
            .flat_map(|item| [&item["content"], &item["parts"]])
            .filter_map(Value::as_array)
            .flatten();
        parts.into_iter().find_map(image_url)
    }

    /// The first image's bytes, if it came in the body.
    pub fn image(&self) -> Option<Vec<u8>> {
        let url = self.image_url()?;
        let (_, data) = url.split_once(";base64,")?;
        STANDARD.decode(data).ok()
    }
}

/// A part as any of the protocols writes it.
fn image_url(part: &Value) -> Option<String> {
    let text = |pointer: &str| part.pointer(pointer).and_then(Value::as_str);
    let data =
        |kind: &str, data: &str| Some(format!("data:{};base64,{}", text(kind)?, text(data)?));
    text("/image_url")
        .or_else(|| text("/source/url"))
        .or_else(|| text("/fileData/fileUri"))
        .map(str::to_owned)
        .or_else(|| data("/source/media_type", "/source/data"))
        .or_else(|| data("/inlineData/mimeType", "/inlineData/data"))
}
