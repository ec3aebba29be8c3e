//! Licences, bans, sources and advisories of all dependencies, by `cargo deny`.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::summary::Summary;
use crate::interrupt::Interrupt;
use crate::process::{Running, run};
use crate::progress;
use crate::workspace::{cargo, find_program, root, target, tools};

/// The one that is installed where there is none.
const VERSION: &str = "0.20.2";

/// How long fetching the advisories may take.
const FETCH_BOUND: Duration = Duration::from_mins(2);

/// Licences, bans and sources.
pub(super) fn check(interrupt: &Interrupt) -> Result<()> {
    let mut check = call(installed_or_installing()?);
    check.args(["--log-level", "error", "check", "--hide-inclusion-graph"]);
    run(check.args(["bans", "licenses", "sources"]), interrupt)
}

/// Known faults of dependencies; skipped where their database cannot be fetched.
pub(super) fn advisories(summary: &mut Summary, interrupt: &Interrupt) {
    let fetched = installed_or_installing().and_then(|deny| {
        fetch(deny.clone(), interrupt)?;
        Ok(deny)
    });
    match fetched {
        Err(why) => summary.skip("advisories", why.to_string()),
        Ok(deny) => summary.step("advisories", || {
            let mut check = call(deny);
            run(
                check.args(["check", "--disable-fetch", "advisories"]),
                interrupt,
            )
        }),
    }
}

fn call(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

fn fetch(program: PathBuf, interrupt: &Interrupt) -> Result<()> {
    let mut fetch = call(program);
    fetch.args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0");
    let status = Running::start(&mut fetch, interrupt)?.wait_at_most(FETCH_BOUND)?;
    if !status.success() {
        bail!("the advisory database cannot be fetched; cargo-deny says why above");
    }
    Ok(())
}

fn installed_or_installing() -> Result<PathBuf> {
    if let Some(found) = find_program("cargo-deny") {
        return Ok(found);
    }
    let own = tools().join("bin/cargo-deny");
    if !own.is_file() {
        progress::run("build cargo-deny (one to three minutes)", &mut install())?;
    }
    Ok(own)
}

/// Built quickly rather than to run quickly: it runs for a second.
fn install() -> Command {
    let mut install = cargo();
    install.args(["install", "cargo-deny", "--locked", "--version", VERSION]);
    install.arg("--root").arg(tools());
    install.env("CARGO_TARGET_DIR", target().join("tools/build"));
    for (key, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
    }
    install
}
