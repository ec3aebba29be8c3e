//! What ran, how it went and how long it took.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// One line per step, in the order they ran.
#[derive(Default)]
pub(super) struct Summary(Vec<Line>);

struct Line {
    step: String,
    outcome: Outcome,
    took: Duration,
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

impl Summary {
    /// Runs a step under a headline; a failure is kept and the next step runs all the same.
    pub(super) fn step(&mut self, step: &str, run: impl FnOnce() -> Result<()>) {
        println!("\n── {step}");
        let began = Instant::now();
        let outcome = match run() {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        if let Outcome::Failed(why) = &outcome {
            eprintln!("{step}: {why}");
        }
        self.add(step, outcome, began.elapsed());
    }

    /// Says that a step was not run, and why.
    pub(super) fn skip(&mut self, step: &str, why: impl Into<String>) {
        self.add(step, Outcome::Skipped(why.into()), Duration::ZERO);
    }

    /// Whether any step failed.
    pub(super) fn failed(&self) -> bool {
        let failed = |line: &Line| matches!(line.outcome, Outcome::Failed(_));
        self.0.iter().any(failed)
    }

    fn add(&mut self, step: &str, outcome: Outcome, took: Duration) {
        let step = step.to_owned();
        self.0.push(Line {
            step,
            outcome,
            took,
        });
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<20} {:<8} {:>8}", "step", "result", "seconds")?;
        for Line {
            step,
            outcome,
            took,
        } in &self.0
        {
            let (result, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", first_line(why)),
                Outcome::Skipped(why) => ("skipped", first_line(why)),
            };
            let row = format!("{step:<20} {result:<8} {:>8.1}  {why}", took.as_secs_f64());
            writeln!(f, "{}", row.trim_end())?;
        }
        Ok(())
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_run_and_the_next_step_runs_all_the_same() {
        let mut summary = Summary::default();
        let mut ran = false;
        summary.step("first", || anyhow::bail!("broken\nin detail"));
        summary.step("second", || {
            ran = true;
            Ok(())
        });
        summary.skip("third", "no network");
        let table = summary.to_string();
        assert!(summary.failed() && ran);
        assert!(
            table.contains("FAILED") && table.contains("broken"),
            "{table}"
        );
        assert!(
            table.contains("skipped") && table.contains("no network"),
            "{table}"
        );
        assert!(!table.contains("in detail"), "{table}");
    }
}
