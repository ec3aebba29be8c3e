//! Programs this one starts: each in a process group of its own, so that it ends with its children.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt::{Interrupt, signal_group};

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A running program; dropped, it is told to end and waited for.
pub(crate) struct Running {
    child: Child,
    interrupt: Interrupt,
    stop_signal: &'static str,
}

impl Running {
    /// Starts a program that ends on Ctrl-C.
    pub(crate) fn start(command: &mut Command, interrupt: &Interrupt) -> Result<Self> {
        let running = Self::start_apart(command, interrupt)?;
        interrupt.add(running.child.id());
        Ok(running)
    }

    /// Starts a program that Ctrl-C leaves alone: its owner ends it when all that uses it is gone.
    pub(crate) fn start_apart(command: &mut Command, interrupt: &Interrupt) -> Result<Self> {
        interrupt.check()?;
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", shown(command)))?;
        let interrupt = interrupt.clone();
        Ok(Self {
            child,
            interrupt,
            stop_signal: "TERM",
        })
    }

    /// The signal that ends this program in order, instead of `TERM`.
    pub(crate) fn stopped_by(mut self, signal: &'static str) -> Self {
        self.stop_signal = signal;
        self
    }

    /// Waits until the program ends by itself or because the user asked.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("cannot wait for a program")?;
        self.interrupt.remove(self.child.id());
        Ok(status)
    }

    /// Waits until the program ends by itself, at most for `bound`.
    pub(crate) fn wait_at_most(&mut self, bound: Duration) -> Result<ExitStatus> {
        let end = Instant::now() + bound;
        while Instant::now() < end {
            self.interrupt.check()?;
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(GLANCE);
        }
        bail!("still running after {} s", bound.as_secs())
    }

    /// Asks `ready` until it answers, at most for `bound`; fails when the program ends before.
    pub(crate) fn wait_for<T>(
        &mut self,
        bound: Duration,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Result<T> {
        let end = Instant::now() + bound;
        while Instant::now() < end {
            self.interrupt.check()?;
            if let Some(answer) = ready() {
                return Ok(answer);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the program ended before it was ready ({status})");
            }
            std::thread::sleep(GLANCE);
        }
        bail!("not ready after {} s", bound.as_secs())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = self.child.id();
        if matches!(self.child.try_wait(), Ok(None)) {
            signal_group(self.stop_signal, group);
            if let Err(error) = self.child.wait() {
                eprintln!("cannot wait for process {group}: {error}");
            }
        }
        self.interrupt.remove(group);
    }
}

/// Runs a program to its end; anything but success is an error that names it.
pub(crate) fn run(command: &mut Command, interrupt: &Interrupt) -> Result<()> {
    let status = Running::start(command, interrupt)?.wait()?;
    interrupt.check()?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// What a quiet program printed on its standard output; its failure carries what it complained of.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed: {}", shown(command), complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .stdout(std::process::Stdio::piped());
        command
    }

    #[test]
    fn what_is_dropped_ends_with_its_children() {
        let mut command = shell("sleep 1000 & echo started; wait");
        let mut running = Running::start(&mut command, &Interrupt::default()).unwrap();
        let output = running.child.stdout.take().unwrap();
        drop(running);
        // The pipe closes only when nobody holds its other end any more.
        assert!(std::io::read_to_string(output).is_ok());
    }

    #[test]
    fn a_program_that_ends_too_early_is_not_waited_for() {
        let mut command = shell("exit 3");
        let mut running = Running::start(&mut command, &Interrupt::default()).unwrap();
        let error = running
            .wait_for(Duration::from_mins(1), || None::<()>)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the program ended before it was ready (exit status: 3)"
        );
    }

    #[test]
    fn a_failure_names_the_program_and_its_arguments() {
        let error = run(&mut shell("exit 3"), &Interrupt::default()).unwrap_err();
        assert_eq!(error.to_string(), "sh -c exit 3 failed (exit status: 3)");
    }
}
