//! The SmartSight server and its commands: settings, wiring, nothing else.

mod background;
mod cli;
mod commands;
mod gauges;
mod heart;
mod listen;
mod logging;
mod measured;
mod metrics;
mod periodic;
mod runtime;
mod settings;
mod wiring;

use std::process::ExitCode;

/// Wrong settings (`EX_CONFIG` of sysexits.h).
const EXIT_CONFIG: u8 = 78;

fn main() -> ExitCode {
    let command = cli::parse();
    let (settings, raw) = match settings::load() {
        Ok(loaded) => loaded,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(EXIT_CONFIG);
        }
    };
    match commands::run(command, settings, &raw) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Some settings are understood only by what they are for; their faults come as errors.
fn failed(error: &anyhow::Error) -> ExitCode {
    if let Some(faults) = error.downcast_ref::<settings::Faults>() {
        eprintln!("{faults}");
        return ExitCode::from(EXIT_CONFIG);
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
