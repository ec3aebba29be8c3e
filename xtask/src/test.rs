//! `cargo xtask test`: installs, starts and runs everything there is to test.

mod contract;
mod deny;
mod postgres;
mod python;
mod steps;
mod summary;

use anyhow::{Result, bail};

use crate::interrupt::Interrupt;
use crate::setup::{self, Consent, needs};
use postgres::Postgres;
use summary::Summary;

/// Install, start and run everything there is to test.
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Run only the tests whose names contain one of these, and no other step
    filter: Vec<String>,
}

impl Test {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        setup::ensure(&needs::all(), Consent::Given, interrupt)?;
        let mut summary = Summary::default();
        self.all_steps(&mut summary, interrupt);
        print!("{summary}");
        interrupt.check()?;
        if summary.failed() {
            bail!("not everything passed");
        }
        Ok(())
    }

    fn all_steps(&self, summary: &mut Summary, interrupt: &Interrupt) {
        summary.step("test data", steps::test_data);
        if self.filter.is_empty() {
            summary.step("formatting", || crate::lint::formatting(interrupt));
            summary.step("clippy", || crate::lint::clippy(interrupt));
            summary.step("audio-dsp alone", || steps::audio_without_std(interrupt));
        }
        summary.step("tests", || self.tests(interrupt));
        if self.filter.is_empty() {
            summary.step("documentation", || steps::documentation(interrupt));
            summary.step("API document", || crate::openapi::check(interrupt));
            summary.step("API contract", || contract::check(interrupt));
            deny::steps(summary, interrupt);
        } else {
            summary.skip("every other step", "a filter was given");
        }
    }

    fn tests(&self, interrupt: &Interrupt) -> Result<()> {
        let postgres = Postgres::start(interrupt)?;
        steps::tests(&self.filter, postgres.url(), interrupt)
    }
}
