//! The printed confusion table.

use super::judge::Counts;

pub(super) fn head(seed: u64, rounds: u64) {
    println!(
        "scenes: seeds {seed} to {}, one sequence each\n",
        seed + rounds.max(1) - 1
    );
    println!(
        "| material | repeat → skip | repeat → model | turn → model | turn → skip | repeats that skip |"
    );
    println!("|---|---|---|---|---|---|");
}

pub(super) fn row(name: &str, counts: Counts) {
    let Counts {
        repeats_skipped,
        repeats_looked_at,
        turns_looked_at,
        turns_skipped,
    } = counts;
    println!(
        "| {name} | {repeats_skipped} | {repeats_looked_at} | {turns_looked_at} | {turns_skipped} | {:.1} % |",
        counts.repeats_skipped_percent()
    );
}

pub(super) fn foot(all: Counts) {
    row("all", all);
    println!(
        "\n{} repeats, {} turns; taken for a repeat: {}\n",
        all.repeats(),
        all.turns(),
        all.turns_skipped
    );
}
