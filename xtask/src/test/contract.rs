//! The running server keeps what its API document promises.

use std::process::Command;

use anyhow::Result;

use super::python;
use crate::interrupt::Interrupt;
use crate::process::run;
use crate::server::{self, Build, Server};
use crate::workspace::root;

/// The document is valid, and no generated request finds an answer it does not allow.
pub(super) fn check(interrupt: &Interrupt) -> Result<()> {
    let checkers = python::programs()?;
    let mut validate = Command::new(checkers.join("openapi-spec-validator"));
    run(validate.arg(root().join("docs/openapi.json")), interrupt)?;
    let program = server::build(Build::WithTests, interrupt)?;
    let folder = tempfile::tempdir()?;
    let server = Server::start_with(&server::UNLIMITED, &program, folder.path(), interrupt)?;
    let mut generated_requests = Command::new(checkers.join("schemathesis"));
    generated_requests
        .current_dir(folder.path())
        .env("PYTHONPATH", root().join("crates/adapters/http-api/tests"))
        .env("SCHEMATHESIS_HOOKS", "generated_requests")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run(generated_requests.args(arguments(&server)), interrupt)
}

/// The same requests in every run: what is generated does not depend on chance.
fn arguments(server: &Server) -> [String; 9] {
    [
        "run".to_owned(),
        format!("{}/api-docs/openapi.json", server.url()),
        // A WebSocket answers no plain request, and no schema says what sound is in Base64.
        "--exclude-path-regex=/(ws|ws/events|session/segment)$".to_owned(),
        "--max-examples=20".to_owned(),
        "--generation-deterministic".to_owned(),
        "--workers=1".to_owned(),
        "--suppress-health-check=all".to_owned(),
        "--warnings=off".to_owned(),
        "--no-color".to_owned(),
    ]
}
