//! What goes out, and what is dropped.

use metrics_exporter_prometheus::PrometheusBuilder;
use otlp::{OtlpSettings, Pump};
use testkit::otlp::Collector;
use tokio::sync::oneshot;
use tracing::subscriber::DefaultGuard;
use tracing::{info, info_span};
use tracing_subscriber::Registry;
use tracing_subscriber::prelude::*;

fn tracing_to(endpoint: &str, share: f64) -> (DefaultGuard, Pump) {
    let settings = OtlpSettings {
        share,
        ..OtlpSettings::new(endpoint.parse().unwrap(), "1.2.3")
    };
    let (layer, pump) = otlp::layer::<Registry>(&settings).unwrap();
    (Registry::default().with(layer).set_default(), pump)
}

/// Runs the pump over what waits, to its end.
async fn pumped(pump: Pump) {
    let (stop, stopped) = oneshot::channel::<()>();
    drop(stop);
    pump.run(async { drop(stopped.await) }).await;
}

#[tokio::test]
async fn spans_arrive_with_their_fields_under_one_trace_and_log_lines_do_not() {
    let collector = Collector::start().await;
    let (guard, pump) = tracing_to(collector.endpoint().as_str(), 1.0);
    {
        let above = info_span!(target: "vision::upload", "upload", session_id = "s-1");
        let _above = above.enter();
        info!(target: "vision::upload", "a line of the log");
        let _theirs = info_span!(target: "some_library", "inner").entered();
        info_span!(target: "s3::store", "put").in_scope(|| ());
    }
    pumped(pump).await;
    drop(guard);
    let spans = collector.wait_for(|spans| spans.len() == 2).await;
    let [put, upload] = [&spans[0], &spans[1]];
    assert_eq!((put.name.as_str(), upload.name.as_str()), ("put", "upload"));
    assert_eq!(put.trace_id, upload.trace_id);
    assert_eq!(put.parent_id, upload.span_id);
    assert!(upload.fields.iter().any(|(name, _)| name == "session_id"));
    assert_eq!(upload.events, 0);
}

#[tokio::test]
async fn of_a_share_of_nothing_nothing_is_sent() {
    let collector = Collector::start().await;
    let (guard, pump) = tracing_to(collector.endpoint().as_str(), 0.0);
    info_span!(target: "vision", "upload").in_scope(|| ());
    pumped(pump).await;
    drop(guard);
    assert!(collector.spans().is_empty());
}

#[tokio::test]
async fn a_collector_that_is_away_costs_the_spans_alone_and_they_are_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let (guard, pump) = tracing_to("http://127.0.0.1:1", 1.0);
    for _ in 0..2048 + 7 {
        info_span!(target: "vision", "upload").in_scope(|| ());
    }
    let full = "trace_spans_dropped_total{reason=\"queue_full\"} 7";
    assert!(figures.render().contains(full), "{}", figures.render());
    pumped(pump).await;
    drop(guard);
    let lost = "trace_spans_dropped_total{reason=\"not_sent\"} 2048";
    assert!(figures.render().contains(lost), "{}", figures.render());
}
