//! The reader as anybody would run it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// What `tesseract FILE - -l eng` prints.
pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    let output = Command::new("tesseract")
        .arg(file)
        .args(["-", "-l", "eng"])
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .context("run tesseract (apt-get install tesseract-ocr)")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "tesseract failed: {complaint}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
