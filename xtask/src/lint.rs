//! `cargo xtask lint`: formatting and clippy, warnings are errors.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::{cargo, excluded_packages};

/// Formatting and clippy, warnings are errors.
#[derive(clap::Args)]
pub(crate) struct Lint {
    /// Write the formatting instead of checking it
    #[arg(long)]
    fix: bool,
}

impl Lint {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        if self.fix {
            run(cargo().args(["fmt", "--all"]), interrupt)?;
        }
        formatting(interrupt)?;
        clippy(interrupt)
    }
}

/// Every file stands as rustfmt would put it.
pub(crate) fn formatting(interrupt: &Interrupt) -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]), interrupt)?;
    for manifest in excluded_packages() {
        let mut fmt = cargo();
        fmt.args(["fmt", "--check", "--manifest-path"])
            .arg(manifest);
        run(&mut fmt, interrupt)?;
    }
    Ok(())
}

/// Clippy finds nothing in any member, tests included.
pub(crate) fn clippy(interrupt: &Interrupt) -> Result<()> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked"]);
    run(clippy.args(["--", "-D", "warnings"]), interrupt)
}
