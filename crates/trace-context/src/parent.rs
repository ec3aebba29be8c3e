//! The value of the header `traceparent`.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Where it stands in requests.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A span of a trace, `00-{trace}-{span}-{flags}` in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceParent {
    text: String,
    span: SpanContext,
}

impl TraceParent {
    /// `None` for anything that is not of version 00 or names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
        let flags = parts.next()?;
        let lengths = [version.len(), trace.len(), span.len(), flags.len()];
        if version != "00" || lengths != [2, 32, 16, 2] || parts.next().is_some() {
            return None;
        }
        let span = SpanContext::new(
            TraceId::from_hex(trace).ok()?,
            SpanId::from_hex(span).ok()?,
            TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED,
            true,
            TraceState::NONE,
        );
        Self::of(&span)
    }

    /// What the headers of a request carry.
    pub fn given(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(TRACEPARENT)?.to_str().ok()?)
    }

    pub(crate) fn of(span: &SpanContext) -> Option<Self> {
        let text = format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags()
        );
        span.is_valid().then(|| Self {
            text,
            span: span.clone(),
        })
    }

    /// As it is sent and stored.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id of the whole trace, 32 digits.
    pub fn trace_id(&self) -> String {
        self.span.trace_id().to_string()
    }

    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.text).ok()
    }

    pub(crate) fn span_context(&self) -> SpanContext {
        self.span.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_the_same() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(TraceParent::parse(text).unwrap().as_str(), text);
    }

    #[test]
    fn anything_else_is_not_taken() {
        for text in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c8031zz-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz",
            "00-äf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(TraceParent::parse(text), None, "{text}");
        }
    }
}
