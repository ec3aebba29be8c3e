//! Processor time, from the kernel's own books.

use std::fs;

use anyhow::Context;

/// The kernel counts in hundredths of a second, whatever its clock.
const TICKS_PER_SECOND: f64 = 100.0;
/// User and system time of the process and of its children that have ended, counted behind the
/// program's name: fields 14 to 17 of the line are 11 to 14 there.
const TIMES: std::ops::Range<usize> = 11..15;

/// Seconds used so far by a process (`None`: this one) and its ended children.
pub(super) fn seconds(process: Option<u32>) -> anyhow::Result<f64> {
    let name = process.map_or("self".to_owned(), |id| id.to_string());
    let line = fs::read_to_string(format!("/proc/{name}/stat"))
        .with_context(|| format!("read the processor time of process {name}"))?;
    let behind_name = line
        .rsplit_once(')')
        .context("a line with a name in brackets")?
        .1;
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let times = fields.get(TIMES).context("the four times of a process")?;
    let ticks: Result<Vec<u32>, _> = times.iter().map(|time| time.parse()).collect();
    Ok(f64::from(ticks?.iter().sum::<u32>()) / TICKS_PER_SECOND)
}
