//! Figures for Prometheus.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Renders what was counted.
pub(crate) type Metrics = PrometheusHandle;

/// Upper bounds of the buckets of every duration, in seconds.
const SECONDS: [f64; 13] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0,
];

/// Starts counting.
///
/// # Errors
/// When counting was started before.
pub(crate) fn start() -> anyhow::Result<Metrics> {
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &SECONDS)?;
    Ok(builder.install_recorder()?)
}
