//! Log lines on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::settings::{Faults, LogFormat, Settings};

/// Starts logging as the settings say.
///
/// # Errors
/// When `RUST_LOG` is not a filter, or logging was started before.
pub(crate) fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log_filter)
        .map_err(|error| Faults::of("RUST_LOG", one_line(&error)))?;
    let registry = tracing_subscriber::registry().with(filter);
    match settings.log_format {
        LogFormat::Pretty => {
            let colours = std::io::stderr().is_terminal();
            let layer = fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
            registry.with(layer).try_init()?;
        }
        LogFormat::Json => {
            let layer = fmt::layer()
                .json()
                .flatten_event(true)
                .with_writer(std::io::stderr);
            registry.with(layer).try_init()?;
        }
    }
    Ok(())
}

fn one_line(error: &impl std::fmt::Display) -> String {
    format!("must be a filter such as info or info,sqlx=warn ({error})").replace('\n', " ")
}
