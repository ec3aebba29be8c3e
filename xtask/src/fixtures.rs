//! `cargo xtask fixtures`: draws the bundled study pages again.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::setup::{self, needs};
use crate::workspace::cargo;

/// Draw the bundled study pages again.
#[derive(clap::Args)]
pub(crate) struct Fixtures {}

impl Fixtures {
    #[expect(clippy::unused_self, reason = "every command is run the same way")]
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        setup::ensure(&[needs::FONTS], setup::Consent::Ask, interrupt)?;
        let mut draw = cargo();
        draw.args(["run", "--package", "draw-pages", "--", "fixtures/pages"]);
        run(&mut draw, interrupt)
    }
}
