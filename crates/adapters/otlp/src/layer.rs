//! From the program's spans to spans of a trace.

use std::collections::HashMap;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, trace};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanExporter as _};
use secrecy::ExposeSecret;
use tokio::sync::mpsc;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::pump::{Pump, SEND_WITHIN};
use crate::queue::{Intake, ROOM};
use crate::settings::{InvalidOtlpSettings, OtlpSettings};

const SERVICE: &str = "smartsight";
/// Crates of others name fields of their own.
const OURS: [&str; 14] = [
    "smartsight",
    "auth",
    "database",
    "files",
    "http_api",
    "imaging",
    "jobs",
    "privacy",
    "provider_http",
    "realtime",
    "redis_shared",
    "s3",
    "vision",
    "voice",
];

/// A layer for the program's subscriber, and what sends its spans. Nothing is sent before the pump
/// runs; without it the queue fills, and what comes then is dropped.
///
/// # Errors
/// [`InvalidOtlpSettings`] when the settings cannot work.
pub fn layer<S>(
    settings: &OtlpSettings,
) -> Result<(impl Layer<S> + use<S>, Pump), InvalidOtlpSettings>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let resource = resource(settings);
    let mut exporter = exporter(settings)?;
    exporter.set_resource(&resource);
    let (intake, queue) = mpsc::channel(ROOM);
    let provider = SdkTracerProvider::builder()
        .with_span_processor(Intake(intake))
        // By the id alone: whoever calls cannot choose to be kept, and all processes agree.
        .with_sampler(Sampler::TraceIdRatioBased(settings.share))
        .with_resource(resource)
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(tracer(&provider))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(is_ours));
    Ok((layer, Pump { queue, exporter }))
}

fn tracer(
    provider: &SdkTracerProvider,
) -> impl trace::Tracer<Span = opentelemetry_sdk::trace::Span> + use<> {
    provider.tracer(SERVICE)
}

/// Words of log lines stay in the log.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let root = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && OURS.contains(&root)
}

fn resource(settings: &OtlpSettings) -> Resource {
    Resource::builder_empty()
        .with_service_name(SERVICE)
        .with_attribute(KeyValue::new("service.version", settings.version))
        .with_attribute(KeyValue::new("process.pid", i64::from(std::process::id())))
        .build()
}

fn exporter(settings: &OtlpSettings) -> Result<SpanExporter, InvalidOtlpSettings> {
    let client = reqwest::Client::builder().timeout(SEND_WITHIN).build();
    let client = client.map_err(|error| InvalidOtlpSettings::Exporter(error.into()))?;
    let headers: HashMap<_, _> = settings
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.expose_secret().to_owned()))
        .collect();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.address()?)
        .with_headers(headers)
        .with_timeout(SEND_WITHIN)
        .build();
    exporter.map_err(|error| InvalidOtlpSettings::Exporter(error.into()))
}
