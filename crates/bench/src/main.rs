//! Measurements that print tables, one subcommand and one folder each:
//!
//! | command | measures |
//! |---|---|
//! | `vision` | local vision on real pages and photos against plain `tesseract` |

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
    /// Subject and characters of every page and photo, against plain tesseract.
    Vision(vision::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().measurement {
        Measurement::Vision(options) => vision::run(options).await,
    }
}
