//! Ctrl-C and termination: whatever runs is told to end, and this program ends after it.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};

/// Knows the process groups that run now, and whether the user asked to stop.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    asked: bool,
    groups: BTreeSet<u32>,
}

impl Interrupt {
    /// Takes over Ctrl-C, hang-up and termination for this program.
    pub(crate) fn watch() -> Result<Self> {
        let interrupt = Self::default();
        let seen = interrupt.clone();
        ctrlc::set_handler(move || seen.ask()).context("cannot watch for Ctrl-C")?;
        Ok(interrupt)
    }

    /// Whether the user asked to stop.
    pub(crate) fn asked(&self) -> bool {
        self.state().asked
    }

    /// Fails once the user asked to stop.
    pub(crate) fn check(&self) -> Result<()> {
        if self.asked() {
            bail!("interrupted");
        }
        Ok(())
    }

    /// A process group to end when the user asks.
    pub(crate) fn add(&self, group: u32) {
        self.state().groups.insert(group);
    }

    /// A process group that has ended.
    pub(crate) fn remove(&self, group: u32) {
        self.state().groups.remove(&group);
    }

    fn ask(&self) {
        let mut state = self.state();
        state.asked = true;
        for group in &state.groups {
            signal_group("TERM", *group);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a signal to every process of a group; one that is gone already is fine.
pub(crate) fn signal_group(signal: &str, group: u32) {
    let sent = Command::new("kill")
        .args([format!("-{signal}"), "--".into(), format!("-{group}")])
        .stderr(std::process::Stdio::null())
        .status();
    if let Err(error) = sent {
        eprintln!("cannot signal process group {group}: {error}");
    }
}
