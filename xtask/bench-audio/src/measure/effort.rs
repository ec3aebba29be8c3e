//! Instructions and allocations of a whole process, as valgrind counts them. What starting costs
//! falls out in the difference between a long and a short run.

use crate::FRAME_OUT;
use crate::peers::Entry;
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const SHORT: usize = 100;
const LONG: usize = 600;

/// This program, built for a processor.
pub(crate) struct Build(PathBuf);

impl Build {
    /// As it runs now.
    pub(crate) fn current() -> anyhow::Result<Self> {
        ensure!(
            cfg!(not(target_feature = "avx2")),
            "build me for baseline x86-64"
        );
        ensure!(cfg!(not(debug_assertions)), "build me with --release");
        Ok(Self(std::env::current_exe()?))
    }

    /// Built anew with AVX2 enabled, beside the current one.
    pub(crate) fn avx2(current: &Self) -> anyhow::Result<Self> {
        let target = current
            .0
            .ancestors()
            .nth(2)
            .context("a target folder")?
            .join("avx2");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--release", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTFLAGS", "-C target-feature=+avx2")
            .status()?;
        ensure!(status.success(), "the build with AVX2 failed");
        Ok(Self(target.join("release/bench-audio")))
    }
}

/// Instructions for each output sample.
pub(crate) fn instructions_per_sample(build: &Build, entry: &Entry) -> anyhow::Result<f64> {
    let tool = [
        "--tool=cachegrind",
        "--cache-sim=no",
        "--cachegrind-out-file=/dev/null",
    ];
    let per_frame = per_frame(build, entry, &tool, |report| after(report, "refs:"))?;
    Ok(per_frame / FRAME_OUT as f64)
}

/// Heap allocations for each frame of 20 ms, those of C included.
pub(crate) fn allocations_per_frame(build: &Build, entry: &Entry) -> anyhow::Result<f64> {
    let tool = ["--tool=memcheck", "--undef-value-errors=no"];
    per_frame(build, entry, &tool, |report| {
        after(report, "total heap usage:")
    })
}

fn per_frame(
    build: &Build,
    entry: &Entry,
    tool: &[&str],
    read: fn(&str) -> Option<f64>,
) -> anyhow::Result<f64> {
    let [short, long] = [SHORT, LONG].map(|frames| {
        let report = valgrind(build, entry, tool, frames)?;
        read(&report).with_context(|| format!("valgrind said: {report}"))
    });
    Ok((long? - short?) / (LONG - SHORT) as f64)
}

fn valgrind(build: &Build, entry: &Entry, tool: &[&str], frames: usize) -> anyhow::Result<String> {
    let output = Command::new("valgrind")
        .args(tool)
        .arg(&build.0)
        .args(["run", entry.name, &frames.to_string()])
        .output()
        .context("valgrind is missing: apt-get install valgrind")?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        output.status.success(),
        "{} failed under valgrind: {report}",
        entry.name
    );
    Ok(report)
}

/// The number that follows a label.
fn after(report: &str, label: &str) -> Option<f64> {
    let (_, rest) = report.split_once(label)?;
    rest.split_whitespace()
        .next()?
        .replace(',', "")
        .parse()
        .ok()
}
