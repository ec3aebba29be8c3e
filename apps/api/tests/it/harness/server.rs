//! One `smartsight` process with a data folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::Client;
use super::replicas::Beside;

/// Where the objects of an S3 server lie; read by tests only.
pub(super) const BUCKET_FOLDER: &str = "TEST_BUCKET_FOLDER";

/// Leaves jobs to others; read by tests only.
const WITHOUT_WORKER: &str = "TEST_WITHOUT_WORKER";

/// How to start the server.
#[derive(Default, Clone)]
pub(crate) struct Setup {
    variables: Vec<(String, String)>,
}

impl Setup {
    /// The embedded default, with vision by the simulator.
    pub(crate) fn embedded(simulator: &str) -> Self {
        Self::default()
            .with("OPENAI_BASE_URL", simulator)
            .with("OPENAI_API_KEY", "test-key")
            .with("VISION_MODEL", "gpt-test")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let mut named = self.variables.iter().rev();
        named.find_map(|(known, value)| (known == name).then(|| value.clone()))
    }

    /// Jobs are left to processes of `smartsight worker`.
    pub(crate) fn without_worker(self) -> Self {
        self.with(WITHOUT_WORKER, "1")
    }

    /// A command of the binary in this setup, apart from the environment of the test.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smartsight"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("SMARTSIGHT_LISTEN", "127.0.0.1:0")
            .env("SMARTSIGHT_DATA_DIR", folder.join("data"))
            .env("SMARTSIGHT_ADDRESS_FILE", folder.join("address"))
            .env("LOG_FORMAT", "json")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(folder);
        command
    }

    pub(crate) async fn start(&self) -> Server {
        let folder = tempfile::tempdir().unwrap();
        Server::start(self.clone(), folder).await
    }

    /// Starts it on what a command has left in this folder, which is taken away.
    pub(crate) async fn start_in(&self, left: &Path) -> Server {
        let folder = tempfile::tempdir().unwrap();
        std::fs::rename(left.join("data"), folder.path().join("data")).unwrap();
        Server::start(self.clone(), folder).await
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    setup: Setup,
    folder: Option<TempDir>,
    beside: Option<Beside>,
    pub(crate) base: String,
}

impl Server {
    async fn start(setup: Setup, folder: TempDir) -> Self {
        let address = folder.path().join("address");
        std::fs::remove_file(&address).ok();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut command = setup.command(folder.path());
        command.arg("serve");
        if setup.is_replicated() || setup.variable(WITHOUT_WORKER).is_some() {
            command.arg("--no-worker");
        }
        let child = command.stderr(log).stdout(Stdio::null()).spawn().unwrap();
        let mut server = Self {
            child,
            setup,
            folder: Some(folder),
            beside: None,
            base: String::new(),
        };
        let folder = server.folder().to_owned();
        server.base = wait_until_ready(&mut server.child, &folder).await;
        if server.setup.is_replicated() {
            let beside = Beside::start(&server.setup, &folder, &server.base).await;
            server.base = beside.base();
            server.beside = Some(beside);
        }
        server
    }

    /// Kills the second of two replicas at once.
    pub(crate) fn kill_second(&mut self) {
        self.beside.as_mut().unwrap().kill_second();
    }

    /// Starts the second replica again; in another folder than `second` it knows nothing of before.
    pub(crate) async fn restart_second(&mut self, folder: &str) {
        self.beside.as_mut().unwrap().restart_second(folder).await;
    }

    /// A server on a copy of this data folder.
    pub(crate) async fn on_data(setup: Setup, data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut copy = Command::new("cp");
        let copy = copy.arg("-a").arg(data).arg(folder.path().join("data"));
        assert!(copy.status().unwrap().success());
        Self::start(setup, folder).await
    }

    /// A client of this server.
    pub(crate) fn client(&self, user: &str) -> Client {
        Client::new(&self.base, user)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// What the server has logged so far, all its processes one after another.
    pub(crate) fn log(&self) -> String {
        let log = |folder| std::fs::read_to_string(self.folder().join(folder).join("log"));
        let logs = ["", "second", "worker"].map(|folder| log(folder).unwrap_or_default());
        logs.concat()
    }

    /// The data folders there are: one of each process.
    pub(crate) fn data_folders(&self) -> Vec<PathBuf> {
        let folders = ["data", "second/data", "worker/data"];
        let folders = folders.map(|folder| self.folder().join(folder));
        folders
            .into_iter()
            .filter(|folder| folder.exists())
            .collect()
    }

    /// What a collector of figures reads.
    pub(crate) async fn metrics(&self) -> String {
        match self.stranger().get("/metrics").await.body {
            serde_json::Value::String(text) => text,
            other => panic!("{other}"),
        }
    }

    /// A client that does not say who it is.
    pub(crate) fn stranger(&self) -> Client {
        Client::stranger(&self.base)
    }

    /// Where the database is, if not in the folder.
    pub(crate) fn database_url(&self) -> Option<String> {
        self.setup.variable("DATABASE_URL")
    }

    /// Where the objects lie, if not in the folder.
    pub(crate) fn bucket_folder(&self) -> Option<PathBuf> {
        self.setup.variable(BUCKET_FOLDER).map(PathBuf::from)
    }

    /// Kills the process; setup and folder are left.
    pub(crate) fn stop(mut self) -> (Setup, TempDir) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.setup.clone(), self.folder.take().unwrap())
    }

    /// Asks the process to stop, as a supervisor does.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end of a process that was asked to stop, and starts it again on the same folder.
    pub(crate) async fn restart_when_ended(mut self) -> Self {
        let setup = self.setup.clone();
        let status = super::eventually(async || self.child.try_wait().unwrap()).await;
        assert!(status.success(), "it ended with {status}");
        let folder = self.folder.take().unwrap();
        drop(self);
        Self::start(setup, folder).await
    }

    /// A command of the binary in this server's setup and folder.
    pub(crate) fn command(&self) -> Command {
        self.setup.command(self.folder())
    }

    /// Kills the process at once and starts it again on the same folder.
    pub(crate) async fn kill_and_restart(self) -> Self {
        let setup = self.setup.clone();
        self.kill_and_restart_as(setup).await
    }

    /// Kills the process at once and starts it on the same folder in another setup.
    pub(crate) async fn kill_and_restart_as(mut self, setup: Setup) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let folder = self.folder.take().unwrap();
        drop(self);
        Self::start(setup, folder).await
    }

    /// Kills the process while the database is locked, and starts it again without the lock.
    pub(crate) async fn kill_and_restart_unlocking(mut self, lock: DatabaseLock) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        drop(lock);
        self.kill_and_restart().await
    }

    /// Keeps everybody else from writing to the SQLite database until dropped.
    pub(crate) fn lock_database(&self) -> DatabaseLock {
        DatabaseLock::take(&self.folder().join("data/smartsight.db"))
    }

    /// How many objects the folder store holds.
    pub(crate) fn stored_objects(&self) -> usize {
        count_files(&self.folder().join("data/objects"))
    }

    /// Whether no event waits for the database.
    pub(crate) fn journal_is_empty(&self) -> bool {
        count_files(&self.folder().join("data/journal")) == 0
    }

    /// The most memory the process has held, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        let kibibytes: u64 = peak.trim().trim_end_matches("kB").trim().parse().unwrap();
        kibibytes * 1024
    }
}

/// Where the process in this folder listens, once it is ready.
pub(super) async fn wait_until_ready(child: &mut Child, folder: &Path) -> String {
    let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            panic!("the server ended with {status}:\n{}", log());
        }
        if let Ok(base) = std::fs::read_to_string(folder.join("address"))
            && let Ok(answer) = reqwest::get(format!("{base}/health/ready")).await
            && answer.status().is_success()
        {
            return base;
        }
        assert!(Instant::now() < until, "not ready in time:\n{}", log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A transaction of another process that writes and does not end.
pub(crate) struct DatabaseLock(Option<Child>);

impl DatabaseLock {
    const SCRIPT: &str = "import sqlite3, sys\n\
        connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n\
        connection.execute('BEGIN IMMEDIATE')\n\
        print('locked', flush=True)\n\
        sys.stdin.read()\n";

    fn take(database: &Path) -> Self {
        let mut python = Command::new("python3");
        python
            .args(["-c", Self::SCRIPT])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = python.spawn().unwrap();
        let mut line = String::new();
        let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut output, &mut line).unwrap();
        assert_eq!(line.trim(), "locked");
        Self(Some(child))
    }
}

impl Drop for DatabaseLock {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Files below a folder that are not half written.
fn count_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let count = |entry: std::fs::DirEntry| match entry.path() {
        path if path.is_dir() => count_files(&path),
        _ if entry.file_name().to_string_lossy().starts_with('.') => 0,
        _ => 1,
    };
    entries.flatten().map(count).sum()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
