//! The printed table, and whether the goal is met.

use std::time::Duration;

use super::step::{Row, Side};

/// The goal: so many conversations on one core …
const SESSIONS: usize = 300;
/// … each frame later by no more than this at the 99th percentile …
const LATER: Duration = Duration::from_millis(5);
/// … in so much memory each …
const MEMORY_KIB: u64 = 512;
/// … and the model knows of a picture so soon after it was analyzed.
const WINDOW: Duration = Duration::from_millis(300);

/// What the columns mean.
pub(super) fn head(seconds: u64) {
    println!("voice: {seconds} s a row; the server on one core, phones and model on another");
    println!("bare = a relay that passes messages on as they are, same run, same core\n");
    println!(
        "| conversations | up p50 / p99 ms | down p50 / p99 ms | bare up p50 / p99 ms | bare down p50 / p99 ms | CPU of the core | bare | CPU ms a conversation and second | CPU / bare | memory KiB a conversation | bare | picture to window p50 / p99 ms | frames lost | load late p99 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
}

/// One row.
pub(super) fn row(row: &Row) {
    let Row {
        sessions,
        product,
        bare,
        desk,
    } = row;
    let count = u32::try_from(*sessions).unwrap_or(u32::MAX);
    println!(
        "| {sessions} | {} | {} | {} | {} | {:.0} % | {:.0} % | {:.2} | {:.2} | {} | {} | {} | {} | {:.2} |",
        times(&product.run.measured.up),
        times(&product.run.measured.down),
        times(&bare.run.measured.up),
        times(&bare.run.measured.down),
        100.0 * product.cpu.as_secs_f64(),
        100.0 * bare.cpu.as_secs_f64(),
        millis(product.cpu / count),
        product.cpu.as_secs_f64() / bare.cpu.as_secs_f64(),
        product.memory_kib / u64::from(count),
        bare.memory_kib / u64::from(count),
        times(desk),
        product.run.measured.lost,
        millis(percentile(&product.run.lateness, 0.99)),
    );
    for mishap in product.run.measured.mishaps.iter().take(3) {
        println!("    mishap: {mishap}");
    }
}

fn times(all: &[Duration]) -> String {
    let (half, most) = (percentile(all, 0.5), percentile(all, 0.99));
    format!("{:.2} / {:.2}", millis(half), millis(most))
}

/// The time that `share` of all did not exceed (nearest rank); none if there are none.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank among some million frames"
)]
fn percentile(all: &[Duration], share: f64) -> Duration {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The most conversations that met the goal.
#[derive(Default)]
pub(super) struct Verdict(usize);

impl Verdict {
    /// Whether the row met the goal.
    pub(super) fn add(&mut self, row: &Row) -> bool {
        let is_told = percentile(&row.desk, 0.99) <= WINDOW;
        let met = is_told && meets(&row.product, row.sessions);
        if met {
            self.0 = self.0.max(row.sessions);
        }
        met
    }

    pub(super) fn print(&self) {
        let word = if self.0 >= SESSIONS { "met" } else { "MISSED" };
        println!(
            "\nmost conversations with p99 ≤ {} ms each way, nothing lost, ≤ {MEMORY_KIB} KiB each and \
             windows within {} ms: {} (goal {SESSIONS}: {word})",
            LATER.as_millis(),
            WINDOW.as_millis(),
            self.0
        );
    }
}

fn meets(side: &Side, sessions: usize) -> bool {
    let measured = &side.run.measured;
    let prompt = |all: &[Duration]| !all.is_empty() && percentile(all, 0.99) <= LATER;
    prompt(&measured.up)
        && prompt(&measured.down)
        && measured.lost == 0
        && measured.mishaps.is_empty()
        && side.memory_kib <= MEMORY_KIB * u64::try_from(sessions).unwrap_or(u64::MAX)
}
