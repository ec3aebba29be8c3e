//! Installing the providers.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [(&str, &str); 2] = [
    ("shaping.mjs", include_str!("providers/shaping.mjs")),
    ("flow.mjs", include_str!("providers/flow.mjs")),
];
const PACKAGES: &str = include_str!("providers/package.json");

/// The folder with scripts and packages.
pub(super) fn installed() -> PathBuf {
    install().unwrap_or_else(|error| panic!("npm and an OpenID provider are needed: {error}"))
}

/// One process installs, the others wait.
fn install() -> io::Result<PathBuf> {
    let folder = target().join("openid-providers");
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    for (name, text) in FILES {
        write_if_other(&folder.join(name), text)?;
    }
    let stamp = folder.join("installed.json");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == PACKAGES) {
        return Ok(folder);
    }
    fs::write(folder.join("package.json"), PACKAGES)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund"]);
    let done = npm.current_dir(&folder).output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(io::Error::other(format!("npm install: {said}")));
    }
    fs::write(stamp, PACKAGES)?;
    Ok(folder)
}

/// A script that another test is just reading is not written anew.
fn write_if_other(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text)
}

fn target() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(beside, PathBuf::from)
}
