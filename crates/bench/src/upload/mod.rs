//! `upload`: what the server adds to the time a model takes.
//!
//! A release build of the server runs on the embedded default, or on what production has, and talks to the provider simulator,
//! which answers after a fixed time. In the same run the same images go straight to the simulator:
//! that is the limit, what a client would wait with no server at all. The difference between both
//! is the server's own share. The limit for the processor time is decoding, scaling and encoding
//! the image once, measured in this process.

mod load;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use testkit::sim::{SimOptions, Simulator};

use crate::mode::{Ground, Mode, borrowed};
use crate::server::{self, Server, Start};
use load::{Load, Measured};

/// Options of the benchmark.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's binary; built in release mode when not given.
    #[arg(long)]
    server: Option<PathBuf>,
    /// What the server stands on.
    #[arg(long, value_enum, default_value = "embedded")]
    mode: Mode,
    /// How long the model takes, in milliseconds.
    #[arg(long, default_value_t = 800)]
    latency_ms: u64,
    /// Requests per row.
    #[arg(long, default_value_t = 64)]
    requests: usize,
    /// Clients at once, one row each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32])]
    clients: Vec<usize>,
}

/// Files of the test data, from a glasses frame to a 12 megapixel photo.
const FILES: [&str; 3] = ["walk/f000.jpg", "pages/p01.jpg", "pages/p02.jpg"];

/// Runs all rows and prints the table.
///
/// # Errors
/// When the server cannot be built or started, or any request fails.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let binary = match options.server {
        Some(binary) => binary,
        None => server::build()?,
    };
    let latency = Duration::from_millis(options.latency_ms);
    let simulator = Simulator::start_with(SimOptions {
        latency,
        ..SimOptions::default()
    })
    .await;
    let ground = Ground::start(options.mode);
    table::head(options.mode, latency, options.requests);
    for file in FILES {
        let image = testkit::data::bytes(file);
        let decode_cpu = load::decode_cpu(&image).await?;
        for clients in &options.clients {
            let load = Load {
                image: image.clone(),
                clients: *clients,
                requests: options.requests,
            };
            let direct = load.straight_to(&simulator.base_url()).await?;
            let settings = ground.next_settings()?;
            let start = Start {
                binary: &binary,
                model: &simulator.base_url(),
                core: None,
                settings: &borrowed(&settings),
            };
            let server = Server::start(&start).await?;
            let through = load.through(&server).await?;
            let usage = server.usage()?;
            table::row(
                file,
                *clients,
                &Row {
                    direct,
                    through,
                    usage,
                    decode_cpu,
                },
            );
        }
    }
    Ok(())
}

/// What one row is made of.
struct Row {
    direct: Measured,
    through: Measured,
    usage: server::Usage,
    decode_cpu: Duration,
}
