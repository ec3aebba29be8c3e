//! The real server, built and started as a user would.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::interrupt::Interrupt;
use crate::process::{Running, output, run};
use crate::workspace::{cargo, root};

/// Where the server listens if nothing else does.
const USUAL: &str = "127.0.0.1:8080";
const ANY_FREE: &str = "127.0.0.1:0";

/// Migrations included, on a slow disk.
const START_BOUND: Duration = Duration::from_mins(1);

/// Outside services a shell may name for other projects; the embedded default uses none of them.
const OUTSIDE: [&str; 4] = ["DATABASE_URL", "REDIS_URL", "S3_BUCKET", "OPENAI_BASE_URL"];

/// What the server is built together with.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// Alone: the least there is to compile.
    Alone,
    /// With every test: after the tests have run, there is nothing left to compile.
    WithTests,
}

impl Build {
    fn command(self) -> Command {
        let mut build = cargo();
        match self {
            Self::Alone => build.args(["build", "--package", "api"]),
            Self::WithTests => build.args(["test", "--workspace", "--locked", "--no-run"]),
        };
        build
    }
}

/// Builds the server and says where it is.
pub(crate) fn build(how: Build, interrupt: &Interrupt) -> Result<PathBuf> {
    println!("Building the server (a first build takes minutes) …");
    run(&mut how.command(), interrupt)?;
    let mut again = how.command();
    again.args(["--quiet", "--message-format=json"]);
    let messages = output(&mut again)?;
    let mut artifacts = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let executable = artifacts.find_map(|artifact| server_of(&artifact));
    executable.context("cargo names no executable of the package api")
}

/// The program of this artifact, if it is the server and not a test of it.
fn server_of(artifact: &Value) -> Option<PathBuf> {
    let is_server =
        artifact["target"]["name"] == "smartsight" && artifact["profile"]["test"] == false;
    let executable = artifact["executable"].as_str().filter(|_| is_server);
    executable.map(PathBuf::from)
}

/// Settings of a server that takes as many requests as come.
pub(crate) const UNLIMITED: [(&str, &str); 3] = [
    ("RATE_LIMIT_REQUESTS_PER_MIN", "0"),
    ("RATE_LIMIT_ADDRESS_PER_MIN", "0"),
    ("RATE_LIMIT_ANALYSES_PER_MIN", "0"),
];

/// A running server; dropped, it shuts down in order.
pub(crate) struct Server {
    running: Running,
    url: String,
    _folder: TempDir,
}

impl Server {
    /// Starts the server on the embedded default, keeping everything in the folder `data`, and
    /// waits until it is ready.
    pub(crate) fn start(program: &Path, data: &Path, interrupt: &Interrupt) -> Result<Self> {
        Self::start_with(&[], program, data, interrupt)
    }

    /// The same, with more settings.
    pub(crate) fn start_with(
        settings: &[(&str, &str)],
        program: &Path,
        data: &Path,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let address_file = folder.path().join("address");
        let mut command = embedded(program);
        command.env("SMARTSIGHT_DATA_DIR", data);
        command.env("SMARTSIGHT_ADDRESS_FILE", &address_file);
        command.envs(settings.iter().copied());
        let mut running = Running::start(&mut command, interrupt)?;
        let url = running
            .wait_for(START_BOUND, || address(&address_file))
            .context("the server does not listen")?;
        running
            .wait_for(START_BOUND, || is_ready(&url))
            .context("the server is not ready")?;
        Ok(Self {
            running,
            url,
            _folder: folder,
        })
    }

    /// Where it answers, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until Ctrl-C has ended the server.
    pub(crate) fn wait(&mut self) -> Result<()> {
        let status = self.running.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

fn embedded(program: &Path) -> Command {
    let listen = if TcpListener::bind(USUAL).is_ok() {
        USUAL
    } else {
        ANY_FREE
    };
    let mut server = Command::new(program);
    server.arg("serve").current_dir(root()).stdin(Stdio::null());
    server.env("SMARTSIGHT_LISTEN", listen);
    server.env("VISION_PROVIDERS", "local");
    for name in OUTSIDE {
        server.env_remove(name);
    }
    if std::env::var_os("RUST_LOG").is_none() {
        server.env("RUST_LOG", "warn");
    }
    server
}

fn address(file: &Path) -> Option<String> {
    let url = std::fs::read_to_string(file).ok()?;
    let url = url.trim().trim_end_matches('/');
    (!url.is_empty()).then(|| url.to_owned())
}

fn is_ready(url: &str) -> Option<()> {
    ureq::get(format!("{url}/health/ready"))
        .call()
        .ok()
        .map(drop)
}
