//! `cargo xtask openapi`: the API document, written from the code or compared with it.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::interrupt::Interrupt;
use crate::process::output;
use crate::server::{self, Build};
use crate::workspace::root;

/// Where the document is kept, from the root of the checkout.
const DOCUMENT: &str = "docs/openapi.json";

/// Write docs/openapi.json from the code, or compare with it.
#[derive(clap::Args)]
pub(crate) struct Openapi {
    /// Fail when the document differs from the code, write nothing
    #[arg(long)]
    check: bool,
}

impl Openapi {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        if self.check {
            return check(Build::Alone, interrupt);
        }
        std::fs::write(root().join(DOCUMENT), from_code(Build::Alone, interrupt)?)?;
        println!("wrote {DOCUMENT}");
        Ok(())
    }
}

/// Fails when the kept document is not what the code says.
pub(crate) fn check(how: Build, interrupt: &Interrupt) -> Result<()> {
    let kept = std::fs::read_to_string(root().join(DOCUMENT))
        .with_context(|| format!("{DOCUMENT} is missing; write it with `cargo xtask openapi`"))?;
    if kept != from_code(how, interrupt)? {
        bail!("{DOCUMENT} differs from the code; write it with `cargo xtask openapi`");
    }
    println!("{DOCUMENT} is what the code says");
    Ok(())
}

fn from_code(how: Build, interrupt: &Interrupt) -> Result<String> {
    let server = server::build(how, interrupt)?;
    let document = output(Command::new(server).arg("openapi"))?;
    Ok(format!("{}\n", document.trim_end()))
}
