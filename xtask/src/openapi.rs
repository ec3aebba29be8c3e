//! `cargo xtask openapi`: the API document, written from the code or compared with it.

use anyhow::{Context as _, Result, bail};

use crate::interrupt::Interrupt;
use crate::process::output;
use crate::workspace::{cargo, root};

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
            return check(interrupt);
        }
        std::fs::write(root().join(DOCUMENT), from_code(interrupt)?)?;
        println!("wrote {DOCUMENT}");
        Ok(())
    }
}

/// Fails when the kept document is not what the code says.
pub(crate) fn check(interrupt: &Interrupt) -> Result<()> {
    let kept = std::fs::read_to_string(root().join(DOCUMENT))
        .with_context(|| format!("{DOCUMENT} is missing; write it with `cargo xtask openapi`"))?;
    if kept != from_code(interrupt)? {
        bail!("{DOCUMENT} differs from the code; write it with `cargo xtask openapi`");
    }
    println!("{DOCUMENT} is what the code says");
    Ok(())
}

fn from_code(interrupt: &Interrupt) -> Result<String> {
    crate::process::run(cargo().args(["build", "--package", "api"]), interrupt)?;
    let mut smartsight = cargo();
    smartsight.args(["run", "--quiet", "--package", "api", "--", "openapi"]);
    let document = output(&mut smartsight)?;
    Ok(format!("{}\n", document.trim_end()))
}
