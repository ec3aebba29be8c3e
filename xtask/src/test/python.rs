//! A virtual environment with the official clients and API checkers the tests run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::progress;
use crate::workspace::tools;

/// Pinned, so that a release of theirs does not break this checkout.
const PACKAGES: [&str; 4] = [
    "openai==3.52.0",
    "websockets==17.4",
    "schemathesis==4.32.5",
    "openapi-spec-validator==0.9.0",
];

/// A program the environment brings.
pub(super) fn program(name: &str) -> PathBuf {
    tools().join("python/bin").join(name)
}

/// The interpreter of the environment; made on first use and when [`PACKAGES`] change.
pub(super) fn environment() -> Result<PathBuf> {
    let folder = tools().join("python");
    let python = folder.join("bin/python");
    let stamp = folder.join("packages");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    make(&folder, &python)?;
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

fn make(folder: &Path, python: &Path) -> Result<()> {
    let mut venv = Command::new("python3");
    progress::run(
        "make a Python environment",
        venv.args(["-m", "venv", "--clear"]).arg(folder),
    )?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check"]);
    progress::run("install Python clients and checkers", pip.args(PACKAGES))
}
