//! The printed table.

use std::time::Duration;

use super::Row;
use crate::mode::Mode;

/// What the columns mean.
pub(crate) fn head(mode: Mode, latency: Duration, requests: usize) {
    println!(
        "upload, {}: the model answers after {} ms, {requests} requests a row",
        mode.name(),
        latency.as_millis()
    );
    println!(
        "own share = through the server - straight to the model, at the same percentile, same run\n"
    );
    println!(
        "| image | clients | straight p50 / p99 ms | through p50 / p99 ms | own share p50 / p99 ms | through / straight p50 | CPU ms a request | CPU / decoding alone | peak memory MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
}

/// One row; the warm-up counts among the requests that used processor time.
pub(crate) fn row(file: &str, clients: usize, row: &Row) {
    let Row {
        direct,
        through,
        usage,
        decode_cpu,
    } = row;
    let (p50, p99) = (0.50, 0.99);
    let share = |p| millis(through.percentile(p)) - millis(direct.percentile(p));
    let cpu = millis(usage.cpu) / f64::from(u32::try_from(through.count() + 1).unwrap_or(u32::MAX));
    println!(
        "| {file} | {clients} | {:.0} / {:.0} | {:.0} / {:.0} | {:.0} / {:.0} | {:.2} | {cpu:.0} | {:.2} | {} |",
        millis(direct.percentile(p50)),
        millis(direct.percentile(p99)),
        millis(through.percentile(p50)),
        millis(through.percentile(p99)),
        share(p50),
        share(p99),
        millis(through.percentile(p50)) / millis(direct.percentile(p50)),
        cpu / millis(*decode_cpu),
        usage.peak_memory_mib,
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
