//! Lists in headers (RFC 9651).

use http::{HeaderMap, HeaderName, HeaderValue};

pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
pub(super) const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Puts an item in front of the list: layers further out come first.
pub(super) fn add(headers: &mut HeaderMap, name: HeaderName, item: &str) {
    let listed = headers.get(&name).and_then(|list| list.to_str().ok());
    let list = listed.map_or_else(|| item.to_owned(), |list| format!("{item}, {list}"));
    // Names and numbers only: always a value.
    if let Ok(list) = HeaderValue::try_from(list) {
        headers.insert(name, list);
    }
}
