//! What has ended and was not yet sent.

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::mpsc;

/// Spans that may wait; one takes about half a kilobyte.
pub(crate) const ROOM: usize = 2048;

/// The end of the queue where spans come in. Never waits.
#[derive(Debug)]
pub(crate) struct Intake(pub(crate) mpsc::Sender<SpanData>);

impl SpanProcessor for Intake {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, mut span: SpanData) {
        name_after_work(&mut span);
        if span.span_context.is_sampled() && self.0.try_send(span).is_err() {
            dropped("queue_full", 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// The pump sends what is left.
    fn shutdown_with_timeout(&self, _: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Requests are told apart by what was asked for, tasks by what they do.
fn name_after_work(span: &mut SpanData) {
    let field = |name: &str| {
        let mut fields = span.attributes.iter();
        let found = fields.find(|field| field.key.as_str() == name)?;
        Some(found.value.as_str().into_owned())
    };
    if let (Some(method), Some(route)) = (field("method"), field("route")) {
        span.name = format!("{method} {route}").into();
    } else if let Some(task) = field("task") {
        span.name = task.into();
    }
}

/// Counts what nobody will see.
pub(crate) fn dropped(reason: &'static str, spans: usize) {
    metrics::counter!("trace_spans_dropped_total", "reason" => reason).increment(spans as u64);
}
