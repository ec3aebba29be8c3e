//! One command, one file.

mod admin;
mod analyze;
mod doctor;
mod erase;
mod export;
mod export_all;
mod import;
mod migrate;
mod openapi;
mod rebuild;
mod serve;
mod worker;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

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
        Command::Serve { no_worker } => block_on_traced(settings, |settings| {
            Box::pin(serve::run(settings, no_worker))
        }),
        Command::Worker => block_on_traced(settings, |settings| Box::pin(worker::run(settings))),
        Command::Migrate => block_on(settings, migrate::run),
        Command::Doctor { json } => block_on(settings, |settings| doctor::run(settings, json)),
        Command::Rebuild => block_on(settings, rebuild::run),
        Command::Export { who, all: _, out } => block_on(settings, async |settings| match who {
            Some(who) => Box::pin(export::run(settings, who, &out)).await,
            None => Box::pin(export_all::run(settings, &out)).await,
        }),
        Command::Import { file } => block_on(settings, async |settings| {
            Box::pin(import::run(settings, &file)).await
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
    runtime()?.block_on(command(settings))
}

/// What is traced goes out meanwhile, and the rest of it at the end.
fn block_on_traced<F>(settings: Settings, command: impl FnOnce(Settings) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let traces = crate::logging::start_traced(&settings)?;
    runtime()?.block_on(async {
        let ended = CancellationToken::new();
        let sending = traces.map(|pump| tokio::spawn(pump.run(ended.clone().cancelled_owned())));
        let done = command(settings).await;
        ended.cancel();
        if let Some(sending) = sending {
            sending.await.context("what sends traces panicked")?;
        }
        done
    })
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}
