//! `cargo xtask dev`: the product in one command, on the embedded default.
//!
//! Builds, starts the server, sends study pages through the endpoint a phone would use, prints
//! what was understood and the study time, and keeps serving until Ctrl-C.

pub(crate) mod client;
mod moment;
pub(crate) mod pages;
mod show;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::interrupt::Interrupt;
use crate::server::{self, Build, Server};
use crate::setup::{self, needs};
use crate::workspace::root;
use client::Client;

/// How long each page is said to have been looked at: the pages are sent at once, with the
/// capture times of somebody who turned a page every so often until now.
const PACE: Duration = Duration::from_secs(45);

/// Start the server, send study pages through it, print what was understood.
#[derive(clap::Args)]
pub(crate) struct Dev {
    /// Own photos instead of the bundled study pages
    photos: Vec<PathBuf>,
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
    /// Stop the server after the pages instead of keeping it
    #[arg(long)]
    once: bool,
}

impl Dev {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        setup::ensure(&[needs::TESSERACT], self.yes.into(), interrupt)?;
        let photos = pages::chosen(&self.photos)?;
        let program = server::build(Build::Alone, interrupt)?;
        let mut server = Server::start(&program, &root().join("data"), interrupt)?;
        let last_photo = study(&Client::new(server.url()), &photos, interrupt)?;
        show::links(server.url(), &last_photo);
        if self.once {
            return Ok(());
        }
        println!("\nThe server keeps running; Ctrl-C stops it.");
        server.wait()
    }
}

/// Sends the photos in one session and ends it; gives the link to the last photo as it is kept.
fn study(client: &Client, photos: &[PathBuf], interrupt: &Interrupt) -> Result<String> {
    let mut last = Value::Null;
    for (photo, taken_at) in photos.iter().zip(capture_times(photos.len())) {
        interrupt.check()?;
        last = client.analyze(photo, last["sessionId"].as_str(), taken_at)?;
        show::understood(photo, &last);
    }
    let session = last["sessionId"]
        .as_str()
        .context("the answer names no session")?;
    show::study_time(&client.end(session)?);
    Ok(last["s3Url"].as_str().unwrap_or_default().to_owned())
}

/// One per page, [`PACE`] apart, the last one [`PACE`] ago.
fn capture_times(pages: usize) -> impl Iterator<Item = SystemTime> {
    let now = SystemTime::now();
    (0..pages).rev().map(move |later| {
        let ago = u32::try_from(later + 1).unwrap_or(u32::MAX);
        now - PACE.saturating_mul(ago)
    })
}
