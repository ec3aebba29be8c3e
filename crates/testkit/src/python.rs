//! Python programs that test from outside, with the packages they need.
//!
//! Packages go into an environment of their own under `target/python-sdk`, one for each list of
//! requirements, made once and reused. Needs `python3`; where `python3-venv` is missing, pip
//! installs into a folder instead.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

/// An interpreter that sees a list of packages.
#[derive(Debug, Clone)]
pub struct Python {
    interpreter: PathBuf,
    packages: Option<PathBuf>,
}

/// Runs a script with the packages it needs, such as `openai==3.52.0`, and waits for its end.
///
/// # Panics
/// When the packages cannot be installed or the interpreter does not start; the text says why.
pub fn run(script: &Path, requirements: &[&str], args: &[&str]) -> Output {
    let mut command = with(requirements).command();
    let output = command.arg(script).args(args).output();
    output.unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// An interpreter that sees these packages; installs them at the first call, which takes a while.
///
/// # Panics
/// When the packages cannot be installed; the text says why.
pub fn with(requirements: &[&str]) -> Python {
    install(requirements).unwrap_or_else(|error| {
        panic!("{error}; python3, python3-venv and python3-pip are needed for {requirements:?}")
    })
}

impl Python {
    /// A call of the interpreter, to be given a script or `-m module`.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.env_remove("PYTHONHOME").env_remove("PYTHONPATH");
        // Nothing is written beside the scripts.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(packages) = &self.packages {
            command.env("PYTHONPATH", packages);
        }
        command
    }

    /// An environment with pip in it.
    fn venv(home: &Path) -> io::Result<Self> {
        quietly(Command::new("python3").args(["-m", "venv"]).arg(home))?;
        Ok(Self {
            interpreter: home.join("bin/python"),
            packages: None,
        })
    }

    /// The system's interpreter and a folder beside it.
    fn folder(home: &Path) -> Self {
        Self {
            interpreter: "python3".into(),
            packages: Some(home.join("packages")),
        }
    }

    /// What an earlier call made.
    fn made(home: &Path) -> Self {
        let folder = Self::folder(home);
        if folder
            .packages
            .as_ref()
            .is_some_and(|folder| folder.exists())
        {
            return folder;
        }
        Self {
            interpreter: home.join("bin/python"),
            packages: None,
        }
    }

    fn pip(&self, requirements: &[&str]) -> io::Result<()> {
        let mut pip = self.command();
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        if let Some(packages) = &self.packages {
            pip.arg("--target").arg(packages);
        }
        quietly(pip.args(requirements))
    }
}

/// The official SDK with what its realtime client needs.
pub const OPENAI_SDK: [&str; 2] = ["openai==3.52.0", "websockets==15.0.1"];

/// The official SDK of the Messages API.
pub const ANTHROPIC_SDK: [&str; 1] = ["anthropic==2.11.0"];

/// The official SDK of the Gemini API.
pub const GEMINI_SDK: [&str; 1] = ["google-genai==3.4.0"];

/// Which side of the Realtime API sends an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealtimeSide {
    /// Whoever talks to the model.
    Client,
    /// The provider.
    Server,
}

/// Checks events, one a line, against the official SDK's types of client events: no unknown type or
/// field, none missing or of another type, sound of whole samples. Returns what is wrong, a line
/// each.
///
/// # Errors
/// The list of what is wrong.
///
/// # Panics
/// When the packages cannot be installed or the interpreter does not start.
pub fn validate_realtime_client_events(lines: &str) -> Result<(), String> {
    validate_realtime_events(RealtimeSide::Client, lines)
}

/// The same for events of either side.
///
/// # Errors
/// The list of what is wrong.
///
/// # Panics
/// When the packages cannot be installed or the interpreter does not start.
pub fn validate_realtime_events(side: RealtimeSide, lines: &str) -> Result<(), String> {
    let told = |error: io::Error| panic!("realtime_events.py: {error}");
    let output = checked(side, lines).unwrap_or_else(told);
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    Err(format!("{said}{complaints}"))
}

fn checked(side: RealtimeSide, lines: &str) -> io::Result<Output> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/python/realtime_events.py");
    let side = match side {
        RealtimeSide::Client => "client",
        RealtimeSide::Server => "server",
    };
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(lines.as_bytes())?;
    let mut command = with(&OPENAI_SDK).command();
    command.arg(script).arg(side).arg(file.path()).output()
}

fn install(requirements: &[&str]) -> io::Result<Python> {
    let home = home(requirements);
    fs::create_dir_all(&home)?;
    // Tests run as processes side by side; one installs, the others wait.
    let lock = File::create(home.with_extension("lock"))?;
    lock.lock()?;
    let stamp = home.join("installed");
    if stamp.exists() {
        return Ok(Python::made(&home));
    }
    // What a broken attempt left behind would be taken for whole.
    fs::remove_dir_all(&home)?;
    fs::create_dir_all(&home)?;
    let python = Python::venv(&home).or_else(|_| {
        fs::remove_dir_all(&home)?;
        fs::create_dir_all(home.join("packages"))?;
        io::Result::Ok(Python::folder(&home))
    })?;
    python.pip(requirements)?;
    fs::write(stamp, requirements.join("\n"))?;
    Ok(python)
}

fn home(requirements: &[&str]) -> PathBuf {
    let name = hex::encode(Sha256::digest(requirements.join("\n")));
    target().join("python-sdk").join(&name[..12])
}

fn target() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(beside, PathBuf::from)
}

fn quietly(command: &mut Command) -> io::Result<()> {
    let output = command.output();
    let told = |why: &str| io::Error::other(format!("{command:?}: {why}"));
    let output = output.map_err(|error| told(&error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(told(said.trim()))
}
