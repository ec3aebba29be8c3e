//! A run of one target.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::corpus::{Seed, corpus};
use crate::edits::{Edit, Stock, edited, edits};

/// How many times more, for a long run; 1 without it.
const EFFORT: &str = "SMARTSIGHT_FUZZ_EFFORT";
/// Other alterations than those of every day; 0 without it.
const SEED: &str = "SMARTSIGHT_FUZZ_SEED";
/// What is printed of the bytes of a finding.
const MOST_PRINTED: usize = 2_000;

/// How much is thrown at a target.
#[derive(Debug, Clone, Copy)]
pub struct Effort<'a> {
    /// How many altered files; `SMARTSIGHT_FUZZ_EFFORT` multiplies them.
    pub alterations: u32,
    /// Words of the format, put in at any place.
    pub words: &'a [&'a [u8]],
}

/// Replays the corpus of this name, then throws altered files of it.
///
/// # Panics
/// With the bytes, when the target does; also when there is no corpus.
pub fn run(name: &str, effort: Effort<'_>, target: impl Fn(&[u8])) {
    let seeds = corpus(name);
    for seed in &seeds {
        replay(seed, &target);
    }
    let stock = Stock {
        seeds: &seeds,
        words: effort.words,
    };
    let mut runner = runner(effort.alterations);
    let thrown = runner.run(&(any::<Index>(), edits()), |(seed, edits)| {
        target(&edited(&seed.get(&seeds).bytes, &edits, stock));
        Ok(())
    });
    match thrown {
        Ok(()) => {}
        Err(TestError::Abort(why)) => panic!("{name}: given up: {why}"),
        Err(TestError::Fail(why, (seed, edits))) => {
            let seed = seed.get(&seeds);
            panic!("{name}: {why}\n{}", finding(seed, &edits, stock));
        }
    }
}

/// Names the file before its panic goes on.
fn replay(seed: &Seed, target: impl Fn(&[u8])) {
    let outcome = catch_unwind(AssertUnwindSafe(|| target(&seed.bytes)));
    if let Err(panic) = outcome {
        eprintln!("the file of the corpus: {}", seed.name);
        resume_unwind(panic);
    }
}

fn runner(alterations: u32) -> TestRunner {
    let config = Config {
        cases: alterations.saturating_mul(number(EFFORT).unwrap_or(1)),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number(SEED).unwrap_or(0).to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn number(variable: &str) -> Option<u32> {
    let text = std::env::var(variable).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} must be a whole number")))
}

fn finding(seed: &Seed, edits: &[Edit], stock: Stock<'_>) -> String {
    let bytes = edited(&seed.bytes, edits, stock);
    let shown = bytes[..bytes.len().min(MOST_PRINTED)].escape_ascii();
    format!(
        "{} after {edits:?}, {} bytes:\n{shown}",
        seed.name,
        bytes.len()
    )
}
