//! The printed tables.

use super::Measured;
use super::ask::Question;
use super::chance::Chance;
use super::times::{Times, Told};

/// How far from 0.5 a probability may lie and still count as nothing.
const BOUND: f64 = 0.05;

pub(super) fn head(rounds: usize) {
    println!("sign-in: {rounds} rounds, each kind of address once a round in random order");
    println!(
        "AUC = probability that a random answer of the first kind takes longer than one of the \
         second; within 0.5 ± {BOUND} they count as not told apart\n"
    );
}

pub(super) fn rows(question: Question, measured: &Measured, chance: &mut Chance) {
    let Measured {
        known,
        known_again,
        unknown,
    } = measured;
    println!("{}\n", question.name());
    println!("| address | p10 ms | p50 ms | p90 ms | p99 ms | p50 / known |");
    println!("|---|---|---|---|---|---|");
    let middle = known.percentile(50);
    for (name, times) in [
        ("known", known),
        ("known, others", known_again),
        ("unknown", unknown),
    ] {
        distribution(name, times, middle);
    }
    println!("\n| compared | AUC | 95 % interval | |");
    println!("|---|---|---|---|");
    verdict("known, unknown", &known.told_from(unknown, chance));
    let null = known.told_from(known_again, chance);
    verdict("known, known (chance alone)", &null);
    println!();
}

fn distribution(name: &str, times: &Times, middle: f64) {
    let [p10, p50, p90, p99] = [10, 50, 90, 99].map(|percent| times.percentile(percent));
    let ratio = p50 / middle;
    println!("| {name} | {p10:.2} | {p50:.2} | {p90:.2} | {p99:.2} | {ratio:.3} |");
}

fn verdict(name: &str, told: &Told) {
    let Told { auc, from, to } = told;
    let is_nothing = (auc - 0.5).abs() <= BOUND;
    let words = if is_nothing {
        "not told apart"
    } else {
        "**told apart**"
    };
    println!("| {name} | {auc:.3} | {from:.3} to {to:.3} | {words} |");
}
