//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// A study-companion backend: images in, study time out.
///
/// All settings are environment variables or keys of `smartsight.toml`; `smartsight settings`
/// lists them.
#[derive(Parser)]
#[command(name = "smartsight", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do; `serve` when nothing is said.
#[derive(Subcommand, Default)]
pub(crate) enum Command {
    /// Serve the API.
    #[default]
    Serve,
    /// Bring the database schema up to date.
    Migrate,
    /// Look at images and print what is understood, one JSON object a line; nothing is kept.
    Analyze {
        /// The image files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Drop study time, topics and help counts, and derive them again from the ledger.
    Rebuild,
    /// Print the effective settings and where each came from.
    Settings,
    /// Print the OpenAPI document.
    Openapi,
}

/// Parses the arguments; prints help or a usage error and exits where those are wanted.
pub(crate) fn parse() -> Command {
    Cli::parse().command.unwrap_or_default()
}
