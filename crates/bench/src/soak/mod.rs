//! `soak`: whether the server grows while it works.
//!
//! An hour's mixed load, as fast as it goes: students upload, read, ask for help, talk to the tutor
//! and leave; sockets lie idle, break off and come again. The load rests twice in a warm-up of a
//! third of the time, and at the end: what the server holds of memory, tasks and file handles after
//! the warm-up and at the end is compared. More than a little of growth fails the run.

mod load;
mod measure;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;
use testkit::sim::realtime::RealtimeOptions;
use testkit::sim::{SimOptions, Simulator};

use crate::server::{self, Server, Start};
use load::Load;
use measure::Held;

/// Options of the soak.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's binary; built in release mode when not given.
    #[arg(long)]
    server: Option<PathBuf>,
    /// How many heaps the C library may keep, as the image and the unit say; 0 leaves it to itself.
    #[arg(long, default_value_t = 2)]
    heaps: u8,
    /// How long the load goes on, warm-up included.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
}

/// How long a model takes.
const LATENCY: Duration = Duration::from_millis(50);
/// Between the end of the load and the look at what is left: longer than anything goes on after
/// its request, and than gauges are old.
const REST: Duration = Duration::from_secs(12);
/// No limits but those of the machine.
const SETTINGS: [(&str, &str); 4] = [
    ("VOICE_MINUTES_A_DAY", "0"),
    ("VOICE_MAX_PER_USER", "0"),
    ("VISION_REUSE", "off"),
    ("DATABASE_MAX_CONNECTIONS", "10"),
];

/// Runs the load and prints what the server held meanwhile.
///
/// # Errors
/// When the server cannot be built or started, a request fails, or the server has grown.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let binary = match options.server {
        Some(binary) => binary,
        None => server::build()?,
    };
    let simulator = Simulator::start_with(SimOptions {
        latency: LATENCY,
        keep_requests: 0,
        realtime: RealtimeOptions::light(),
        ..SimOptions::default()
    });
    let simulator = simulator.await;
    let heaps = options.heaps.to_string();
    let mut settings = SETTINGS.to_vec();
    if options.heaps > 0 {
        settings.push(("MALLOC_ARENA_MAX", &heaps));
    }
    let start = Start {
        binary: &binary,
        model: &simulator.base_url(),
        core: None,
        settings: &settings,
    };
    let server = Server::start(&start).await?;
    let all = Duration::from_mins(options.minutes);
    measure::head(options.minutes);
    let first = Held::now(&server).await?;
    measure::row("started", &first, 0);
    // Twice: threads that end at rest leave their memory to those that come after them.
    bout(&server, "begun", all / 6).await?;
    let warm = bout(&server, "warmed up", all / 6).await?;
    let end = bout(&server, "at the end", all * 2 / 3).await?;
    let grown = end.beyond(&warm);
    ensure!(
        grown.is_empty(),
        "the server has grown: {}",
        grown.join(", ")
    );
    println!("\nno growth after the warm-up");
    Ok(())
}

/// Load for a while, then rest; gives what is held then.
async fn bout(server: &Server, name: &str, lasts: Duration) -> anyhow::Result<Held> {
    let load = Load::begin(&server.base);
    let requests = load.watched(server, lasts).await?;
    tokio::time::sleep(REST).await;
    let held = Held::now(server).await?;
    measure::row(name, &held, requests);
    Ok(held)
}
