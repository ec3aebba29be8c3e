//! The id under which one piece of work is followed through several systems (W3C Trace Context).
//!
//! Adapters ask [`current`] what to send along and store, and [`adopt`] what came along. Where no
//! traces are exported there is nothing to send, and nothing is.

mod parent;

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

pub use parent::{TRACEPARENT, TraceParent};

/// The span that runs now, as others name it; `None` where no traces are exported.
pub fn current() -> Option<TraceParent> {
    of(&Span::current())
}

/// This span, as others name it; `None` where no traces are exported. From then on its parent cannot
/// be changed.
pub fn of(span: &Span) -> Option<TraceParent> {
    TraceParent::of(span.context().span().span_context())
}

/// Makes a span that was just made the child of one that lives elsewhere.
pub fn adopt(span: &Span, parent: &TraceParent) {
    let context = Context::new().with_remote_span_context(parent.span_context());
    if let Err(error) = span.set_parent(context) {
        // As where no traces are exported.
        tracing::trace!(error = %error, "the span keeps its own trace");
    }
}

/// What a request to another system carries.
pub fn headers() -> HeaderMap {
    let value = current().and_then(|parent| parent.header());
    value
        .map(|value| (TRACEPARENT, value))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::prelude::*;

    use super::*;

    fn exporting() -> tracing::subscriber::DefaultGuard {
        let tracer = SdkTracerProvider::builder().build().tracer("test");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        tracing_subscriber::registry().with(layer).set_default()
    }

    #[test]
    fn without_an_exporter_nothing_goes_along() {
        let span = tracing::info_span!("work");
        let _entered = span.enter();
        assert_eq!(current(), None);
        assert!(headers().is_empty());
    }

    #[test]
    fn a_span_goes_on_in_the_trace_it_is_given() {
        let _exporting = exporting();
        let theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let theirs = TraceParent::parse(theirs).unwrap();
        let span = tracing::info_span!("work");
        adopt(&span, &theirs);
        let _entered = span.enter();
        let ours = current().unwrap();
        assert_eq!(ours.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert_ne!(ours, theirs);
        assert_eq!(headers()["traceparent"], ours.as_str());
    }
}
