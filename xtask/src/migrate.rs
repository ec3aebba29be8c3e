//! `cargo xtask migrate`: brings the database to the newest schema.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::cargo;

/// Bring the database to the newest schema.
#[derive(clap::Args)]
pub(crate) struct Migrate {
    /// Passed to `smartsight migrate`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Migrate {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        let mut smartsight = cargo();
        smartsight.args(["run", "--package", "api", "--", "migrate"]);
        run(smartsight.args(&self.arguments), interrupt)
    }
}
