//! `cargo xtask load`: a system that many students have used for long.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::cargo;

/// Fill a database with students, learning events, their log and what is derived from it.
#[derive(clap::Args)]
pub(crate) struct Load {
    /// How many students there are
    #[arg(long, default_value_t = 1000)]
    users: u64,
    /// How many learning events they have together
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Passed to the program: `-- --help` lists the rest
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Load {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        let mut load = cargo();
        load.args(["run", "--release", "--package", "bench", "--", "load"]);
        load.arg(format!("--users={}", self.users));
        load.arg(format!("--events={}", self.events));
        run(load.args(&self.arguments), interrupt)
    }
}
