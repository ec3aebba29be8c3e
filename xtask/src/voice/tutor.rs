//! A server of one's own to talk to, with a study page on its desk.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::dev::client::Client;
use crate::dev::pages;
use crate::interrupt::Interrupt;
use crate::process::{Running, run};
use crate::server::{self, Build, Server};
use crate::setup::{self, needs};
use crate::workspace::{cargo, target};

const KEY: &str = "OPENAI_API_KEY";
const START_BOUND: Duration = Duration::from_secs(20);
const SAYS: &str = "simulator listening on ";

/// A server, the simulator it may talk to, and a session of study.
pub(super) struct Tutor {
    // The server ends before the simulator does.
    server: Server,
    session: String,
    _simulator: Option<Running>,
    _folder: TempDir,
}

impl Tutor {
    pub(super) fn start(yes: bool, interrupt: &Interrupt) -> Result<Self> {
        setup::ensure(&[needs::TESSERACT], yes.into(), interrupt)?;
        let program = server::build(Build::Alone, interrupt)?;
        let folder = tempfile::tempdir()?;
        let (settings, simulator) = model(folder.path(), interrupt)?;
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let data = folder.path().join("data");
        let server = Server::start_with(&settings, &program, &data, interrupt)?;
        let session = put_page_on_desk(&server)?;
        Ok(Self {
            server,
            session,
            _simulator: simulator,
            _folder: folder,
        })
    }

    /// Where it is talked to.
    pub(super) fn url(&self) -> String {
        let host = self.server.url().trim_start_matches("http://");
        format!("ws://{host}/ws")
    }

    /// The session that has seen a page.
    pub(super) fn session(&self) -> &str {
        &self.session
    }
}

type Settings = Vec<(&'static str, String)>;

/// The provider where there is a key, else the simulator.
fn model(folder: &Path, interrupt: &Interrupt) -> Result<(Settings, Option<Running>)> {
    if std::env::var(KEY).is_ok_and(|key| !key.trim().is_empty()) {
        println!("The model is the provider's ({KEY} is set)");
        return Ok((Vec::new(), None));
    }
    println!("No {KEY}: the model is the simulator");
    let (simulator, base) = simulator(folder, interrupt)?;
    let settings = vec![(KEY, "simulated".to_owned()), ("OPENAI_BASE_URL", base)];
    Ok((settings, Some(simulator)))
}

fn simulator(folder: &Path, interrupt: &Interrupt) -> Result<(Running, String)> {
    run(
        cargo().args(["build", "--package", "testkit", "--bin", "sim"]),
        interrupt,
    )?;
    let said = folder.join("simulator.txt");
    let mut command = Command::new(target().join("debug").join("sim"));
    command
        .args(["--port", "0", "--quiet"])
        .stdin(Stdio::null());
    command.stdout(File::create(&said)?);
    let mut running = Running::start(&mut command, interrupt)?.stopped_by("INT");
    let base = running
        .wait_for(START_BOUND, || base_url(&said))
        .context("the simulator does not listen")?;
    Ok((running, base))
}

fn base_url(said: &Path) -> Option<String> {
    let text = std::fs::read_to_string(said).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(SAYS));
    // A line is there whole once its end is.
    line.filter(|_| text.ends_with('\n')).map(str::to_owned)
}

fn put_page_on_desk(server: &Server) -> Result<String> {
    let photos = pages::chosen(&[])?;
    let photo = photos.first().context("no study page is bundled")?;
    let answer = Client::new(server.url()).analyze(photo, None, SystemTime::now())?;
    let topic = answer["analysis"]["topicEnum"].as_str().unwrap_or("?");
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    println!("On the desk: {name} ({topic})");
    let session = answer["sessionId"]
        .as_str()
        .context("the answer names no session")?;
    Ok(session.to_owned())
}
