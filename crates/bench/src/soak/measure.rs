//! What the server holds.

use anyhow::Context;

use crate::server::{Server, memory_kib};

/// What the process holds at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    memory_kib: u64,
    tasks: u64,
    handles: u64,
}

/// Memory that the allocator and the caches of the database may take more, besides a tenth.
const MEMORY_SLACK_KIB: u64 = 16 * 1024;
/// Connections of pools come and go.
const SLACK: u64 = 12;

impl Held {
    /// # Errors
    /// When the process is gone or does not tell.
    pub(super) async fn now(server: &Server) -> anyhow::Result<Self> {
        let handles = std::fs::read_dir(format!("/proc/{}/fd", server.id()))?.count();
        Ok(Self {
            memory_kib: memory_kib(server.id(), "VmRSS:")?,
            tasks: figure(server, "tasks_alive").await?,
            handles: u64::try_from(handles)?,
        })
    }

    /// In what there is more than before, beyond what may vary.
    pub(super) fn beyond(&self, before: &Self) -> Vec<String> {
        let memory = before.memory_kib + before.memory_kib / 10 + MEMORY_SLACK_KIB;
        let all = [
            ("KiB of memory", self.memory_kib, memory),
            ("tasks", self.tasks, before.tasks + SLACK),
            ("file handles", self.handles, before.handles + SLACK),
        ];
        let grown = all.into_iter().filter(|(_, now, most)| now > most);
        grown
            .map(|(what, now, most)| format!("{now} {what} where {most} were to be expected"))
            .collect()
    }
}

/// A figure of `/metrics` without labels.
async fn figure(server: &Server, name: &str) -> anyhow::Result<u64> {
    let text = reqwest::get(format!("{}/metrics", server.base)).await?;
    let text = text.error_for_status()?.text().await?;
    let mut figures = text.lines().filter_map(|line| line.split_once(' '));
    let found = figures.find(|(named, _)| *named == name);
    let (_, value) = found.with_context(|| format!("/metrics does not tell {name}"))?;
    value.parse().with_context(|| format!("{name} is {value}"))
}

/// What the columns mean.
pub(super) fn head(minutes: u64) {
    println!("soak: {minutes} minutes of mixed load, at rest after a third of it and at the end\n");
    println!("| | requests | memory MiB | tasks | file handles |");
    println!("|---|---|---|---|---|");
}

/// One row.
pub(super) fn row(name: &str, held: &Held, requests: u64) {
    let Held {
        memory_kib,
        tasks,
        handles,
    } = held;
    println!(
        "| {name} | {requests} | {} | {tasks} | {handles} |",
        memory_kib / 1024
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: Held = Held {
        memory_kib: 100_000,
        tasks: 20,
        handles: 40,
    };

    #[test]
    fn a_little_more_is_no_growth_and_a_lot_more_is() {
        let little = Held {
            memory_kib: 120_000,
            tasks: 25,
            handles: 30,
        };
        assert_eq!(little.beyond(&BEFORE), [""; 0]);
        let lot = Held {
            memory_kib: 140_000,
            tasks: 1000,
            handles: 41,
        };
        assert_eq!(lot.beyond(&BEFORE).len(), 2);
    }
}
