//! `cargo xtask setup`: finds what is missing on this machine and installs it.

pub(crate) mod apt;
pub(crate) mod needs;

use std::io::{IsTerminal as _, Write as _};

use anyhow::{Result, bail};

use crate::interrupt::Interrupt;
use crate::workspace::find_program;
use needs::Need;

/// Find what is missing on this machine and install it.
#[derive(clap::Args)]
pub(crate) struct Setup {
    /// Install without asking
    #[arg(long)]
    yes: bool,
}

/// Whether the user is asked before something is installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Asked, when there is a terminal to ask on.
    Ask,
    /// Given with the command.
    Given,
}

impl From<bool> for Consent {
    fn from(yes: bool) -> Self {
        if yes { Self::Given } else { Self::Ask }
    }
}

impl Setup {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        ensure(&needs::all(), self.yes.into(), interrupt)?;
        for need in needs::all() {
            println!("{:<12} found: {}", need.name, need.what_for);
        }
        Ok(())
    }
}

/// Installs those of `needs` that are missing; quick when none is.
pub(crate) fn ensure(needs: &[Need], consent: Consent, interrupt: &Interrupt) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        println!("{:<12} missing: {}", need.name, need.what_for);
    }
    if find_program("apt-get").is_none() {
        bail!(
            "install by hand, then run this again:\n{}",
            by_hand(&missing)
        );
    }
    let packages: Vec<&str> = missing.iter().flat_map(|n| n.debian).copied().collect();
    if consent == Consent::Ask && !agreed(&packages)? {
        bail!("nothing was installed");
    }
    interrupt.check()?;
    apt::install(&packages)?;
    still_missing(&missing)
}

fn still_missing(needs: &[&Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().copied().filter(|n| !n.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("still missing after installing:\n{}", by_hand(&missing))
}

fn by_hand(needs: &[&Need]) -> String {
    let lines = needs.iter().map(|need| {
        let packages = need.debian.join(" ");
        format!("  {}: {} (Debian: {packages})", need.name, need.elsewhere)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Without a terminal nobody can answer; then starting the command was the consent.
fn agreed(packages: &[&str]) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    print!("Install {} with apt-get? [Y/n] ", packages.join(" "));
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "" | "y" | "Y" | "yes"))
}
