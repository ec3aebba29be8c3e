//! A virtual environment with the API checkers that are run against the server.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::progress;
use crate::workspace::tools;

/// Pinned, so that a release of theirs does not break this checkout.
const PACKAGES: [&str; 2] = ["schemathesis==4.32.5", "openapi-spec-validator==0.9.0"];

/// The programs of the environment; made on first use and when [`PACKAGES`] change.
pub(super) fn programs() -> Result<PathBuf> {
    let folder = tools().join("python");
    let stamp = folder.join("packages");
    let wanted = PACKAGES.join("\n");
    if !std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        make(&folder)?;
        std::fs::write(stamp, wanted)?;
    }
    Ok(folder.join("bin"))
}

fn make(folder: &Path) -> Result<()> {
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(folder);
    progress::run("make a Python environment", &mut venv)?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check"]);
    progress::run("install API checkers", pip.args(PACKAGES))
}
