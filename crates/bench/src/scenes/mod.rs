//! `scenes`: which pictures of a sitting need no model, because they show what the last one showed.
//!
//! Pictures come in sequences, as a student's do. Each is compared with the last one that a model saw,
//! the way the server does it; then it either skips the model or becomes what the next ones are
//! compared with. A *repeat* shows the page of the picture it is compared with, a *turn* another one.
//!
//! Every sequence is made from a seed: the frames of the walk as they are and shaken again; real pages
//! and photos, each looked at for a while; and pages drawn for this, whose layout stays while the
//! words change.

mod camera;
mod chance;
mod cost;
mod judge;
mod material;
mod print;
mod table;

use clap::Args;

use chance::Chance;
use judge::{Counts, Judge};

/// Seeds up to here were used to find the thresholds.
const TUNED_ON: u64 = 1000;

/// Options of the measurement.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where the sequences begin; thresholds were found with seeds up to 1000
    #[arg(long, default_value_t = TUNED_ON + 1)]
    seed: u64,
    /// How many sequences of each kind
    #[arg(long, default_value_t = 6)]
    rounds: u64,
    /// Only kinds whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Print each comparison
    #[arg(long)]
    each: bool,
    /// Leave out the processor time
    #[arg(long)]
    no_cost: bool,
}

/// Makes all sequences, judges them and prints the tables.
///
/// # Errors
/// When test data or fonts are missing.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let judge = Judge::new(options.each);
    table::head(options.seed, options.rounds);
    let mut all = Counts::default();
    for kind in material::kinds()? {
        if !kind.name.contains(&options.only) {
            continue;
        }
        let mut counts = Counts::default();
        for round in 0..options.rounds {
            let mut chance = Chance::new(options.seed + round, kind.name);
            counts += judge.sequence(&(kind.make)(&mut chance)).await?;
        }
        table::row(kind.name, counts);
        all += counts;
    }
    table::foot(all);
    if !options.no_cost {
        cost::table().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One held-out sequence of each kind.
    #[tokio::test]
    async fn repeats_skip_the_model_and_no_page_is_taken_for_another() {
        let judge = Judge::new(false);
        let mut all = Counts::default();
        for kind in material::kinds().unwrap() {
            let mut chance = Chance::new(TUNED_ON + 500, kind.name);
            let counts = judge.sequence(&(kind.make)(&mut chance)).await.unwrap();
            assert_eq!(counts.turns_skipped, 0, "{}: {counts:?}", kind.name);
            if kind.name.starts_with("walk") {
                let skipped = counts.repeats_skipped_percent();
                assert!(skipped >= 90.0, "{}: {counts:?}", kind.name);
            }
            all += counts;
        }
        assert!(all.turns() >= 40, "{all:?}");
    }
}
