//! A long step shows that it lives: a spinner with the last line, or plain lines off a terminal.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::process::shown;

/// How many lines of a failed step are shown.
const TAIL: usize = 30;

/// Runs a talkative program; its output is shown in full only off a terminal, its end on failure.
///
/// It stays in this program's process group, so that `sudo` can ask for a password.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    let bar = spinner(what);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let tail = Tail::default();
    let stdout = child.stdout.take().context("no standard output")?;
    let stderr = child.stderr.take().context("no standard error")?;
    std::thread::scope(|scope| {
        scope.spawn(|| follow(stdout, &bar, &tail));
        scope.spawn(|| follow(stderr, &bar, &tail));
    });
    let status = child.wait()?;
    bar.finish_and_clear();
    if !status.success() {
        bail!("{} failed ({status})\n{}", shown(command), tail.text());
    }
    println!("{what}: done");
    Ok(())
}

fn spinner(what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        eprintln!("{what} …");
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_prefix(what.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn follow(output: impl Read, bar: &ProgressBar, tail: &Tail) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if bar.is_hidden() {
            eprintln!("  {line}");
        }
        bar.set_message(line.clone());
        tail.push(line);
    }
}

#[derive(Clone, Default)]
struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_back(line);
        if lines.len() > TAIL {
            lines.pop_front();
        }
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect::<Vec<_>>().join("\n")
    }
}
