//! Programs on one processor, by `taskset`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// A command that runs `program` on this processor alone.
pub(crate) fn on_core(core: Option<usize>, program: &Path) -> Command {
    let Some(core) = core else {
        return Command::new(program);
    };
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}

/// Moves this process, all its threads, to a processor.
///
/// # Errors
/// When there is no `taskset` or no such processor.
pub(crate) fn move_to(core: usize) -> anyhow::Result<()> {
    let (core, process) = (core.to_string(), std::process::id().to_string());
    let moved = Command::new("taskset")
        .args(["-a", "-c", "-p", &core, &process])
        .stdout(Stdio::null())
        .status()
        .context("taskset (util-linux) is missing")?;
    ensure!(moved.success(), "processor {core} is not to be had");
    Ok(())
}
