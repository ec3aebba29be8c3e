//! Log lines on standard error, and traces to a collector.

use std::io::IsTerminal;

use otlp::{InvalidOtlpSettings, OtlpSettings, Pump};
use tracing::Subscriber;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::settings::{Faults, LogFormat, Settings, TraceSettings};

/// Starts logging as the settings say.
///
/// # Errors
/// When `RUST_LOG` is not a filter, or logging was started before.
pub(crate) fn start(settings: &Settings) -> anyhow::Result<()> {
    Ok(tracing_subscriber::registry()
        .with(lines(settings)?)
        .try_init()?)
}

/// The same, and makes spans for a collector where the settings name one; they go out while the
/// pump runs.
///
/// # Errors
/// As [`start`], and when the collector's settings cannot work.
pub(crate) fn start_traced(settings: &Settings) -> anyhow::Result<Option<Pump>> {
    let Some(traces) = &settings.traces else {
        return start(settings).map(|()| None);
    };
    let layer = otlp::layer::<Registry>(&exported(traces));
    let (layer, pump) = layer.map_err(|fault| match fault {
        InvalidOtlpSettings::Endpoint => {
            Faults::of("OTEL_EXPORTER_OTLP_ENDPOINT", InvalidOtlpSettings::Endpoint).into()
        }
        fault @ InvalidOtlpSettings::Exporter(_) => anyhow::Error::from(fault),
    })?;
    let registry = tracing_subscriber::registry().with(layer);
    registry.with(lines(settings)?).try_init()?;
    Ok(Some(pump))
}

fn exported(traces: &TraceSettings) -> OtlpSettings {
    let TraceSettings {
        endpoint,
        headers,
        share,
    } = traces.clone();
    OtlpSettings {
        headers,
        share,
        ..OtlpSettings::new(endpoint, env!("CARGO_PKG_VERSION"))
    }
}

/// What is logged; what is traced does not depend on it.
fn lines<S>(settings: &Settings) -> anyhow::Result<Box<dyn Layer<S> + Send + Sync>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let filter = EnvFilter::try_new(&settings.log_filter)
        .map_err(|error| Faults::of("RUST_LOG", one_line(&error)))?;
    let layer = fmt::layer().with_writer(std::io::stderr);
    Ok(match settings.log_format {
        LogFormat::Pretty => {
            let colours = std::io::stderr().is_terminal();
            layer.with_ansi(colours).with_filter(filter).boxed()
        }
        LogFormat::Json => layer.json().flatten_event(true).with_filter(filter).boxed(),
    })
}

fn one_line(error: &impl std::fmt::Display) -> String {
    format!("must be a filter such as info or info,sqlx=warn ({error})").replace('\n', " ")
}
