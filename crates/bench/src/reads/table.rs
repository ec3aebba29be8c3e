//! The printed table.

use super::Options;
use super::ask::Asked;
use super::system::System;

/// What the goal allows.
const GOAL: f64 = 1.5;

/// What the columns mean.
pub(super) fn head(options: &Options, small: &System, large: &System) {
    println!(
        "reads, {}: {} rounds of each call, asked of both systems in turn\n",
        options.mode.name(),
        options.rounds
    );
    let size = |system: &System| {
        let (events, users) = (system.size.events, system.size.users);
        format!("{events} events of {users}: p50 / p90 ms")
    };
    println!("| call | {} | {} | ratio p50 |", size(small), size(large));
    println!("|---|---|---|---|");
}

/// One row; returns the ratio.
pub(super) fn row(name: &str, small: &Asked, large: &Asked) -> f64 {
    let ratio = large.percentile(50) / small.percentile(50);
    println!(
        "| `{name}` | {:.2} / {:.2} | {:.2} / {:.2} | {ratio:.2} |",
        small.percentile(50),
        small.percentile(90),
        large.percentile(50),
        large.percentile(90),
    );
    ratio
}

/// How it went.
pub(super) fn foot(worst: f64, not_measured: &[String]) {
    let verdict = if worst <= GOAL { "met" } else { "missed" };
    println!("\nhighest ratio {worst:.2}; the goal of {GOAL} is {verdict}");
    if !not_measured.is_empty() {
        println!("reads that are not measured: {}", not_measured.join(", "));
    }
}
