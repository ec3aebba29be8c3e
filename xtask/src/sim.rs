//! `cargo xtask sim`: the simulator of model providers, as a server of its own.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::cargo;

/// Run the simulator of model providers.
#[derive(clap::Args)]
pub(crate) struct Sim {
    /// Passed to the simulator; `-- --help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Sim {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        let mut sim = cargo();
        sim.args(["run", "--package", "testkit", "--bin", "sim", "--"]);
        run(sim.args(&self.arguments), interrupt)
    }
}
