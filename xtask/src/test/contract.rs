//! The running server keeps what its API document promises.

use std::process::Command;

use anyhow::Result;

use super::python;
use crate::interrupt::Interrupt;
use crate::process::run;
use crate::server::{self, Server};
use crate::workspace::root;

/// The document is valid, and no generated request finds an answer it does not allow.
pub(super) fn check(interrupt: &Interrupt) -> Result<()> {
    python::environment()?;
    let mut validate = Command::new(python::program("openapi-spec-validator"));
    run(validate.arg(root().join("docs/openapi.json")), interrupt)?;
    let program = server::build(interrupt)?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(&program, folder.path(), interrupt)?;
    run(&mut generated_requests(&server, folder.path()), interrupt)
}

/// The same requests in every run: what is generated does not depend on chance.
fn generated_requests(server: &Server, folder: &std::path::Path) -> Command {
    let mut schemathesis = Command::new(python::program("schemathesis"));
    schemathesis.current_dir(folder);
    schemathesis.arg("run");
    schemathesis.arg(format!("{}/api-docs/openapi.json", server.url()));
    schemathesis.args([
        "--max-examples=20",
        "--generation-deterministic",
        "--workers=2",
        "--no-color",
    ]);
    schemathesis.args(["--suppress-health-check=all", "--warnings=off"]);
    schemathesis
}
