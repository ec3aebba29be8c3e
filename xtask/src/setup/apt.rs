//! Debian's package manager, as root or through sudo.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::find_program;
use crate::{process, progress};

/// Brings the package lists up to date and installs the packages, nothing more than they need.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let what = format!("install {}", packages.join(" "));
    progress::run("update package lists", &mut apt_get(&["update"], &what)?)?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    progress::run(&what, &mut apt_get(&arguments, &what)?)
}

fn apt_get(arguments: &[&str], what: &str) -> Result<Command> {
    let root = is_root()?;
    if !root && find_program("sudo").is_none() {
        bail!("to {what}, become root or install sudo");
    }
    let mut command = Command::new(if root { "env" } else { "sudo" });
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command.args(arguments);
    Ok(command)
}

/// Whether this program runs as root.
pub(crate) fn is_root() -> Result<bool> {
    Ok(process::output(Command::new("id").arg("-u"))?.trim() == "0")
}
