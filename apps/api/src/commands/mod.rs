//! One command, one file.

mod admin;
mod analyze;
mod erase;
mod export;
mod migrate;
mod openapi;
mod rebuild;
mod serve;

use crate::cli::Command;
use crate::settings::{Raw, Settings, show};

/// Runs a command to its end.
pub(crate) fn run(command: Command, settings: Settings, raw: &Raw) -> anyhow::Result<()> {
    match command {
        Command::Settings => {
            print!("{}", show(raw));
            Ok(())
        }
        Command::Openapi => openapi::run(),
        Command::Serve => block_on(settings, serve::run),
        Command::Migrate => block_on(settings, migrate::run),
        Command::Rebuild => block_on(settings, rebuild::run),
        Command::Export { who, out } => block_on(settings, async |settings| {
            Box::pin(export::run(settings, who, &out)).await
        }),
        Command::Erase { who, yes } => {
            block_on(settings, |settings| erase::run(settings, who, yes))
        }
        Command::Admin { command } => block_on(settings, |settings| admin::run(settings, command)),
        Command::Analyze { files } => block_on(settings, |settings| analyze::run(settings, files)),
    }
}

fn block_on<F>(settings: Settings, command: impl FnOnce(Settings) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    crate::logging::start(&settings)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(command(settings))
}
