//! `voice`: what the relay adds to every frame, for more and more conversations on one core.
//!
//! The server runs pinned to one core. This process, pinned to another, plays both sides of every
//! conversation, so one clock tells how long a frame took: up, from the phone's write to the moment
//! the model has read it; down, from the model's write to the moment the phone has read the last
//! byte. The microphone is always on (a frame each 20 ms, f32 at 16 kHz); the model speaks four of
//! five seconds in pieces of 200 ms with their words. The limit, in the same run and on the same
//! core: a relay that only passes messages on, on the same WebSocket library.
//!
//! The model's side is played here and not by the simulator, whose own time would be measured too;
//! the simulator analyzes the pictures: after each row, while everybody goes on talking, the
//! desks of some conversations change, and the time from the analyzed picture to the model's
//! window is measured.

mod bare;
mod desk;
mod load;
mod speech;
mod step;
mod table;
mod talk;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use crate::mode::{Ground, Mode};
pub(crate) use bare::BareRelay;
use step::Bench;
use table::Verdict;

/// Options of the benchmark.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's binary; built in release mode when not given.
    #[arg(long)]
    server: Option<PathBuf>,
    /// What the server stands on.
    #[arg(long, value_enum, default_value = "embedded")]
    mode: Mode,
    /// Conversations at once, one row each; later rows are left out once the goal is missed.
    #[arg(long, value_delimiter = ',', default_values_t = [50, 100, 200, 300, 400, 500, 600, 800])]
    sessions: Vec<usize>,
    /// Seconds measured for each row.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The processor of the server.
    #[arg(long, default_value_t = 0)]
    server_core: usize,
    /// The processor of phones and model.
    #[arg(long, default_value_t = 1)]
    load_core: usize,
    /// Goes on when the goal is missed.
    #[arg(long)]
    all: bool,
}

/// Runs row after row and prints the table.
///
/// # Errors
/// When the server cannot be built or started, or a conversation does not begin.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let binary = match options.server {
        Some(binary) => binary,
        None => crate::server::build()?,
    };
    crate::pin::move_to(options.load_core)?;
    let bench = Bench {
        binary,
        ground: Ground::start(options.mode),
        core: options.server_core,
        measure: Duration::from_secs(options.seconds),
    };
    println!("voice, {}", options.mode.name());
    table::head(options.seconds);
    let mut verdict = Verdict::default();
    for sessions in options.sessions {
        let row = bench.row(sessions).await?;
        table::row(&row);
        if !verdict.add(&row) && !options.all {
            break;
        }
    }
    verdict.print();
    Ok(())
}
