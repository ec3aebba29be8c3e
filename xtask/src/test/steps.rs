//! The steps that are one call of cargo each.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::{cargo, root};

/// The folder of real pages, photos and broken files that tests read is there.
pub(super) fn test_data() -> Result<()> {
    let beside = root().join("../shared/data");
    let folder = std::env::var_os("SMARTSIGHT_TEST_DATA").map_or(beside, PathBuf::from);
    if !folder.join("manifest.json").is_file() {
        bail!("{} is missing: set SMARTSIGHT_TEST_DATA", folder.display());
    }
    println!("{}", folder.display());
    Ok(())
}

/// Every test of every member; `postgres` is the server the stored ports are tried on.
pub(super) fn tests(filter: &[String], postgres: &str, interrupt: &Interrupt) -> Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--locked", "--no-fail-fast", "--"]);
    tests.args(filter);
    tests.env("SMARTSIGHT_TEST_POSTGRES", postgres);
    run(&mut tests, interrupt)
}

/// The audio library as others take it: alone, without the standard library.
pub(super) fn audio_without_std(interrupt: &Interrupt) -> Result<()> {
    let mut build = cargo();
    build.args([
        "build",
        "--locked",
        "--package",
        "audio-dsp",
        "--no-default-features",
    ]);
    run(&mut build, interrupt)
}

/// The crates' documentation has no broken link.
pub(super) fn documentation(interrupt: &Interrupt) -> Result<()> {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--locked"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings"), interrupt)
}
