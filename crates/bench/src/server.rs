//! The server under measurement, as a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::Url;
use serde_json::{Value, json};

/// A running server on the embedded default; killed when dropped.
pub(crate) struct Server {
    child: Child,
    cpu_at_start: Duration,
    pub(crate) base: String,
    _folder: tempfile::TempDir,
}

/// What the process has used.
pub(crate) struct Usage {
    /// User and system time since it was ready.
    pub(crate) cpu: Duration,
    /// Most resident memory.
    pub(crate) peak_memory_mib: u64,
}

/// Builds the server in release mode and returns its binary.
///
/// # Errors
/// When the build fails.
pub(crate) fn build() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--package", "api"])
        .status()?;
    ensure!(status.success(), "the server could not be built");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    Ok(target.join("release").join("smartsight"))
}

/// How a server is started.
pub(crate) struct Start<'a> {
    pub(crate) binary: &'a Path,
    /// The provider's base URL.
    pub(crate) model: &'a Url,
    /// The only processor it runs on; `None` leaves it to the system.
    pub(crate) core: Option<usize>,
    /// Settings beyond those of every measurement.
    pub(crate) settings: &'a [(&'a str, &'a str)],
}

impl Start<'_> {
    fn command(&self) -> Command {
        let mut command = crate::pin::on_core(self.core, self.binary);
        command
            .arg("serve")
            .env("SMARTSIGHT_LISTEN", "127.0.0.1:0")
            .env("OPENAI_BASE_URL", self.model.as_str())
            .env("OPENAI_API_KEY", "bench")
            .env("VISION_MODEL", "gpt-bench")
            .env("RATE_LIMIT_REQUESTS_PER_MIN", "0")
            .env("RATE_LIMIT_ADDRESS_PER_MIN", "0")
            .env("RATE_LIMIT_ANALYSES_PER_MIN", "0")
            .env("RUST_LOG", "warn")
            .envs(self.settings.iter().copied())
            .stdout(Stdio::null());
        command
    }
}

impl Server {
    /// Starts the server and waits until it is ready.
    ///
    /// # Errors
    /// When it does not become ready in a minute.
    pub(crate) async fn start(start: &Start<'_>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = folder.path().join("address");
        let mut command = start.command();
        let has_folder = |(name, _): &(&str, &str)| *name == "SMARTSIGHT_DATA_DIR";
        if !start.settings.iter().any(has_folder) {
            command.env("SMARTSIGHT_DATA_DIR", folder.path().join("data"));
        }
        let child = command
            .env("SMARTSIGHT_ADDRESS_FILE", &address)
            .spawn()
            .with_context(|| format!("{} cannot be started", start.binary.display()))?;
        let mut server = Self {
            child,
            cpu_at_start: Duration::ZERO,
            base: String::new(),
            _folder: folder,
        };
        server.base = wait_until_ready(&address).await?;
        server.cpu_at_start = cpu_time(server.child.id())?;
        Ok(server)
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a session.
    ///
    /// # Errors
    /// When the server does not.
    pub(crate) async fn start_session(&self) -> anyhow::Result<String> {
        let url = format!("{}/api/v1/session/start", self.base);
        let answer = reqwest::Client::new()
            .post(url)
            .json(&json!({}))
            .send()
            .await?;
        let body: Value = answer.error_for_status()?.json().await?;
        Ok(body["data"]["sessionId"]
            .as_str()
            .context("no session id")?
            .to_owned())
    }

    /// What the process has used since it was ready.
    ///
    /// # Errors
    /// When the process is gone.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        Ok(Usage {
            cpu: cpu_time(self.child.id())?.saturating_sub(self.cpu_at_start),
            peak_memory_mib: memory_kib(self.child.id(), "VmHWM:")? / 1024,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn wait_until_ready(address: &Path) -> anyhow::Result<String> {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        if let Ok(base) = std::fs::read_to_string(address)
            && let Ok(answer) = reqwest::get(format!("{base}/health/ready")).await
            && answer.status().is_success()
        {
            return Ok(base);
        }
        ensure!(
            Instant::now() < until,
            "the server is not ready after a minute"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A line of `/proc/PID/status` that counts memory, such as `VmRSS:`, in KiB.
///
/// # Errors
/// When there is no such process or line.
pub(crate) fn memory_kib(pid: u32, line: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    let text = found.with_context(|| format!("no {line}"))?;
    Ok(text.trim().trim_end_matches("kB").trim().parse()?)
}

/// User and system time of a process (fields 14 and 15 of `/proc/PID/stat`, see proc(5); Linux
/// counts them in hundredths of a second).
///
/// # Errors
/// When there is no such process.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("no process name")?.1;
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap_or_default())
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}
