//! What contributors run, as `cargo xtask COMMAND`: one file per command.
//!
//! | file | command |
//! |---|---|
//! | `setup` | finds what is missing on this machine and installs it |
//! | `dev` | builds, starts the server, sends study pages, prints what was understood |
//! | `voice` | says what is in a WAV file to the tutor, as a phone does, and keeps the answer |
//! | `test` | installs, starts and runs everything there is to test |
//! | `load` | fills a database with what many students did in years |
//! | `lint`, `sim`, `bench`, `openapi`, `fixtures`, `migrate` | one program each |
//!
//! `process`, `interrupt`, `progress`, `server` and `workspace` are what they share.

mod bench;
mod dev;
mod fixtures;
mod interrupt;
mod lint;
mod load;
mod migrate;
mod openapi;
mod process;
mod progress;
mod server;
mod setup;
mod sim;
mod test;
mod voice;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use interrupt::Interrupt;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "What contributors run")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find what is missing on this machine and install it
    Setup(setup::Setup),
    /// Start the server, send study pages through it, print what was understood
    Dev(dev::Dev),
    /// Say what is in a WAV file to the tutor and keep the answer
    Voice(voice::Voice),
    /// Install, start and run everything there is to test
    Test(test::Test),
    /// Formatting and clippy, warnings are errors
    Lint(lint::Lint),
    /// Run the simulator of model providers
    Sim(sim::Sim),
    /// Fill a database with students, learning events, their log and what is derived from it
    Load(load::Load),
    /// Measure: vision, scenes, upload, reads, sign-in, voice, audio or all
    Bench(bench::Bench),
    /// Write docs/openapi.json from the code, or compare with it
    Openapi(openapi::Openapi),
    /// Draw the bundled study pages again
    Fixtures(fixtures::Fixtures),
    /// Bring the database to the newest schema
    Migrate(migrate::Migrate),
}

/// What a shell says of a program that ended on Ctrl-C.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let interrupt = match Interrupt::watch() {
        Ok(interrupt) => interrupt,
        Err(error) => return failure(&error),
    };
    match run(command, &interrupt) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt.asked() => ExitCode::from(INTERRUPTED),
        Err(error) => failure(&error),
    }
}

fn failure(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

fn run(command: Command, interrupt: &Interrupt) -> anyhow::Result<()> {
    match command {
        Command::Setup(setup) => setup.run(interrupt),
        Command::Dev(dev) => dev.run(interrupt),
        Command::Voice(voice) => voice.run(interrupt),
        Command::Test(test) => test.run(interrupt),
        Command::Lint(lint) => lint.run(interrupt),
        Command::Sim(sim) => sim.run(interrupt),
        Command::Load(load) => load.run(interrupt),
        Command::Bench(bench) => bench.run(interrupt),
        Command::Openapi(openapi) => openapi.run(interrupt),
        Command::Fixtures(fixtures) => fixtures.run(interrupt),
        Command::Migrate(migrate) => migrate.run(interrupt),
    }
}
