//! Where things are in this checkout, and how to call cargo in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs this program, in the root of the checkout.
pub(crate) fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// Where cargo builds; tools this program installs for itself go below it.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Tools installed for this checkout alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// A program in `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Manifests of the packages the workspace excludes, for what they link or need to build.
pub(crate) fn excluded_packages() -> Vec<PathBuf> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let list = manifest.lines().find_map(|l| l.strip_prefix("exclude = ["));
    let names = list.unwrap_or_default().split('"').skip(1).step_by(2);
    let manifests = names.map(|name| root().join(name).join("Cargo.toml"));
    manifests.filter(|m| m.is_file()).collect()
}
