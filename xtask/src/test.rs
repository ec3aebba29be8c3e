//! `cargo xtask test`: installs, starts and runs everything there is to test.

mod contract;
mod deny;
mod postgres;
mod python;
mod steps;
mod summary;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::interrupt::Interrupt;
use crate::server::Build;
use crate::setup::{self, Consent, needs};
use crate::{lint, openapi};
use postgres::Postgres;
use summary::Summary;

/// Install, start and run everything there is to test.
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Run only the tests whose names contain one of these, and no other step
    filter: Vec<String>,
    /// Run only these steps
    #[arg(long, value_enum, conflicts_with = "filter")]
    only: Vec<Step>,
}

/// In the order they run: what fails fast comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The real pages and photos are there
    Data,
    /// Every file stands as rustfmt would put it
    Format,
    /// Clippy's warnings are errors
    Clippy,
    /// The audio library builds without the standard library
    Audio,
    /// Every test, on a Postgres started for it
    Tests,
    /// The crates' documentation has no broken link
    Documentation,
    /// docs/openapi.json is what the code says
    Openapi,
    /// The running server keeps what its API document promises
    Contract,
    /// Licences, bans, sources and advisories of dependencies
    Dependencies,
}

impl Test {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        setup::ensure(&needs::all(), Consent::Given, interrupt)?;
        let mut summary = Summary::default();
        let (asked, other) = self.steps();
        for step in asked {
            self.step(step, &mut summary, interrupt);
            interrupt.check()?;
        }
        if !other.is_empty() {
            summary.skip("every other step", "not asked for");
        }
        print!("{summary}");
        if summary.failed() {
            bail!("not everything passed");
        }
        Ok(())
    }

    /// Those that are run, and the others.
    fn steps(&self) -> (Vec<Step>, Vec<Step>) {
        let all = Step::value_variants().iter().copied();
        all.partition(|step| match self.filter.as_slice() {
            [] => self.only.is_empty() || self.only.contains(step),
            _ => *step == Step::Tests,
        })
    }

    fn step(&self, step: Step, summary: &mut Summary, interrupt: &Interrupt) {
        let title = name(step);
        summary.step(&title, || match step {
            Step::Data => steps::test_data(),
            Step::Format => lint::formatting(interrupt),
            Step::Clippy => lint::clippy(interrupt),
            Step::Audio => steps::audio_without_std(interrupt),
            Step::Tests => self.tests(interrupt),
            Step::Documentation => steps::documentation(interrupt),
            Step::Openapi => openapi::check(Build::WithTests, interrupt),
            Step::Contract => contract::check(interrupt),
            Step::Dependencies => deny::check(interrupt),
        });
        if step == Step::Dependencies {
            deny::advisories(summary, interrupt);
        }
    }

    fn tests(&self, interrupt: &Interrupt) -> Result<()> {
        let postgres = Postgres::start(interrupt)?;
        steps::tests(&self.filter, postgres.url(), interrupt)
    }
}

/// The name it has on the command line.
fn name(step: Step) -> String {
    format!("{step:?}").to_lowercase()
}
