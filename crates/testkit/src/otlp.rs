//! A real receiver of traces over OTLP/HTTP: decodes the protobuf and keeps the spans.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::AnyValue;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

const PATIENCE: Duration = Duration::from_mins(1);

/// A running receiver; it ends with the value.
#[derive(Debug)]
pub struct Collector {
    address: Url,
    seen: Arc<Mutex<Vec<TracedSpan>>>,
    task: JoinHandle<()>,
}

/// A span that was received.
#[derive(Debug, Clone)]
pub struct TracedSpan {
    /// The trace, in hexadecimal.
    pub trace_id: String,
    /// The span, in hexadecimal.
    pub span_id: String,
    /// The one above it, in hexadecimal; empty at the top.
    pub parent_id: String,
    /// What was done.
    pub name: String,
    /// Names and values of its fields, values as text.
    pub fields: Vec<(String, String)>,
    /// How many events came with it.
    pub events: usize,
}

impl Collector {
    /// A receiver on a free port.
    ///
    /// # Panics
    /// When no port can be bound.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().map(|at| format!("http://{at}"));
        let address = address.ok().and_then(|text| text.parse().ok());
        let seen = Arc::default();
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&seen));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the collector ended: {error}");
            }
        });
        Self {
            address: address.unwrap_or_else(|| panic!("a listener without address")),
            seen,
            task,
        }
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to.
    pub fn endpoint(&self) -> &Url {
        &self.address
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<TracedSpan> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }

    /// All spans, once these are enough.
    ///
    /// # Panics
    /// When they are not within a minute.
    pub async fn wait_for(&self, enough: impl Fn(&[TracedSpan]) -> bool) -> Vec<TracedSpan> {
        let waiting = async {
            loop {
                let spans = self.spans();
                if enough(&spans) {
                    return spans;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.unwrap_or_else(|_| panic!("not within a minute: {:#?}", self.spans()))
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(seen): State<Arc<Mutex<Vec<TracedSpan>>>>, body: Bytes) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    let resources = request.resource_spans.into_iter();
    let scopes = resources.flat_map(|resource| resource.scope_spans);
    let spans = scopes.flat_map(|scope| scope.spans).map(traced);
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.extend(spans);
    StatusCode::OK
}

fn traced(span: Span) -> TracedSpan {
    let text = |value: Option<AnyValue>| {
        let value = value.and_then(|value| value.value);
        value.map_or_else(String::new, |value| format!("{value:?}"))
    };
    let fields = span.attributes.into_iter();
    TracedSpan {
        trace_id: hex::encode(span.trace_id),
        span_id: hex::encode(span.span_id),
        parent_id: hex::encode(span.parent_span_id),
        name: span.name,
        fields: fields.map(|field| (field.key, text(field.value))).collect(),
        events: span.events.len(),
    }
}
