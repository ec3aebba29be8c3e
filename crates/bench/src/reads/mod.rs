//! `reads`: what reads and an upload cost with many stored events, against few.
//!
//! Two servers run at the same time, one on a small system and one on a large one, loaded with
//! students who have studied alike. The same student asks both in turn, so whatever else the machine
//! does hits both. The goal: no read costs more than 1.5 times as much on the large one.

mod ask;
mod calls;
mod system;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use testkit::sim::Simulator;

use crate::load::Size;
use crate::mode::{Ground, Mode};
use ask::Asked;
use system::System;

/// Options of the benchmark.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's binary; built in release mode when not given.
    #[arg(long)]
    server: Option<PathBuf>,
    /// What the servers stand on.
    #[arg(long, value_enum, default_value = "embedded")]
    mode: Mode,
    /// Students of the large system.
    #[arg(long, default_value_t = 1000)]
    users: u64,
    /// Learning events of the large system.
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Students of the small system.
    #[arg(long, default_value_t = 1)]
    small_users: u64,
    /// Learning events of the small system.
    #[arg(long, default_value_t = 10_000)]
    small_events: u64,
    /// Where the data of both systems is kept and found again, on the embedded default; a folder
    /// that goes when the measurement ends, when not given.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// How often each read is asked for.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// How many pictures are uploaded.
    #[arg(long, default_value_t = 40)]
    uploads: usize,
}

/// Chooses what students study.
const SEED: u64 = 1;

/// Loads, measures and prints the table.
///
/// # Errors
/// When a server cannot be built or started, or does not answer as it should.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let binary = match &options.server {
        Some(binary) => binary.clone(),
        None => crate::server::build()?,
    };
    let simulator = Simulator::start().await;
    let ground = Ground::start(options.mode);
    let folder = tempfile::tempdir()?;
    let place = options.keep.as_deref().unwrap_or(folder.path());
    let model = simulator.base_url();
    let prepare = async |name, users, events| {
        let size = Size {
            users,
            events,
            seed: SEED,
        };
        let start = system::Preparation {
            binary: &binary,
            model: &model,
            ground: &ground,
            folder: &place.join(name),
            name,
        };
        start.load(size).await
    };
    let small = prepare("small", options.small_users, options.small_events).await?;
    let large = prepare("large", options.users, options.events).await?;
    table::head(&options, &small, &large);
    measure(&options, &small, &large).await
}

async fn measure(options: &Options, small: &System, large: &System) -> anyhow::Result<()> {
    let mut worst: f64 = 0.0;
    for call in calls::all(large).await? {
        let rounds = if call.is_upload() {
            options.uploads
        } else {
            options.rounds
        };
        let mut asked = [Asked::default(), Asked::default()];
        for round in 0..=rounds {
            // In turn, and each first as often as the other.
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for which in order {
                let system = [small, large][which];
                let time = system.ask(&call).await?;
                asked[which].note(round, time);
            }
        }
        let [small, large] = asked;
        worst = worst.max(table::row(call.name, &small, &large));
    }
    table::foot(worst, &calls::not_measured(large).await?);
    Ok(())
}

/// Work that goes on after an answer is over by the next request.
const PAUSE: Duration = Duration::from_millis(2);
