//! The id that finds a request in the log.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::{Clock, Ids};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 128;

/// 1 to 128 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The client's own id where it is sane.
    pub(crate) fn given(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(REQUEST_ID)?.to_str().ok()?;
        is_plain(text, MAX_LENGTH).then(|| Self(text.into()))
    }

    pub(crate) fn fresh(clock: &dyn Clock, ids: &dyn Ids) -> Self {
        Self(ids.next(clock.now()).to_string().into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// 1 to `max` visible ASCII characters.
pub(super) fn is_plain(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
