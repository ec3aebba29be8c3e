//! Measurements that print tables, one subcommand and one folder each:
//!
//! | command | measures |
//! |---|---|
//! | `upload` | the server's own share of the upload path, against the simulator at a fixed latency |
//! | `vision` | local vision on real pages and photos against plain `tesseract` |

mod upload;
mod vision;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measurements that print tables")]
struct Cli {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// The server's own share of the upload path.
    Upload(upload::Options),
    /// Subject and characters of every page and photo, against plain tesseract.
    Vision(vision::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().measurement {
        Measurement::Upload(options) => upload::run(options).await,
        Measurement::Vision(options) => vision::run(options).await,
    }
}
