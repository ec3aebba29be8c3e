//! A Postgres of a test's own, whose processes and disk may be made to fail.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::install;
use super::server::{as_nobody, free_port, is_root};

/// The disk of a cluster on a small disk, in MiB; a new cluster with small segments takes half.
const DISK_MIB: u32 = 160;
const FILLER: &str = "filler";
const PATIENCE: Duration = Duration::from_mins(1);

/// A Postgres server with one database, `smartsight`. Its processes are killed with the value.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    port: u16,
    child: Option<Child>,
    /// Where the small disk is mounted; unmounted before the folder goes.
    _disk: Option<Mounted>,
    folder: TempDir,
}

impl Cluster {
    /// A server on a free port of this machine.
    ///
    /// # Panics
    /// When Postgres is not installed or does not start.
    pub fn start() -> Self {
        Self::on(folder(), None)
    }

    /// The same on a disk of its own that can be filled.
    ///
    /// # Errors
    /// Why no disk can be mounted here.
    ///
    /// # Panics
    /// When Postgres is not installed or does not start.
    pub fn on_small_disk() -> Result<Self, String> {
        let folder = folder();
        let disk = Mounted::at(folder.path())?;
        Ok(Self::on(folder, Some(disk)))
    }

    fn on(folder: TempDir, disk: Option<Mounted>) -> Self {
        open_to_all(folder.path());
        let mut cluster = Self {
            bin: install::binaries(),
            port: free_port(),
            child: None,
            _disk: disk,
            folder,
        };
        cluster.init();
        cluster.restart();
        cluster.run("postgres", "CREATE DATABASE smartsight");
        cluster
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        self.url_of("smartsight")
    }

    /// Kills every process of the server at once; what it had not written is lost.
    pub fn kill(&mut self) {
        // A stopped process starts no other and still tells its children.
        self.freeze();
        self.signal("KILL");
        if let Some(mut child) = self.child.take() {
            // Killed just now, or gone by itself before.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops every process where it is: connections stay open and silent.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Leaves no byte free on the small disk.
    ///
    /// # Panics
    /// When the disk cannot be written to for another reason.
    pub fn fill_disk(&self) {
        let path = self.folder.path().join(FILLER);
        let mut filler = File::create(path).unwrap_or_else(|e| panic!("a file on the disk: {e}"));
        for piece in [vec![0; 64 * 1024], vec![0; 512]] {
            while filler.write_all(&piece).is_ok() {}
        }
    }

    /// Frees what [`Self::fill_disk`] took, and starts the server if it has given up.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn empty_disk(&mut self) {
        let path = self.folder.path().join(FILLER);
        std::fs::remove_file(path).unwrap_or_else(|e| panic!("remove the filler: {e}"));
        let child = self.child.as_mut();
        if child.is_none_or(|child| !matches!(child.try_wait(), Ok(None))) {
            self.restart();
        }
    }

    /// Starts the server again on the same data and port.
    ///
    /// # Panics
    /// When it does not answer in a minute.
    pub fn restart(&mut self) {
        self.kill();
        let until = Instant::now() + PATIENCE;
        while !self.answers() {
            assert!(Instant::now() < until, "Postgres did not start");
            // The first start after a kill may find the old one's memory still in use.
            if self.child.as_mut().is_none_or(|child| !is_running(child)) {
                self.child = Some(self.spawn());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs one statement.
    ///
    /// # Panics
    /// When the server refuses it.
    pub fn run(&self, database: &str, statement: &str) {
        let done = self.psql(database, statement).status();
        let done = done.unwrap_or_else(|e| panic!("psql: {e}"));
        assert!(done.success(), "{statement}");
    }

    /// Runs one statement in a session that stays open until the value is dropped.
    ///
    /// # Panics
    /// When it does not come to its end in a minute.
    pub fn hold(&self, statement: &str) -> HeldSession {
        let mut psql = self.psql("smartsight", statement);
        psql.args(["--command", "SELECT 'held'", "--file", "-"]);
        psql.args(["--tuples-only", "--no-align"]);
        psql.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = psql.spawn().unwrap_or_else(|e| panic!("psql: {e}"));
        let said = child.stdout.take().map(BufReader::new);
        let lines = said.into_iter().flat_map(BufRead::lines);
        let is_held = |line: std::io::Result<String>| line.is_ok_and(|line| line == "held");
        assert!(lines.into_iter().any(is_held), "{statement}");
        HeldSession(child)
    }

    fn answers(&self) -> bool {
        let mut asked = self.psql("postgres", "SELECT 1");
        asked.stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    }

    fn psql(&self, database: &str, statement: &str) -> Command {
        let mut psql = Command::new(install::psql());
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args(["--command", statement, &self.url_of(database)])
            .env("PGCONNECT_TIMEOUT", "2");
        psql
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn init(&self) {
        let done = as_nobody()
            .arg(self.bin.join("initdb"))
            .arg("--pgdata")
            .arg(self.data())
            .args(["--username", "postgres", "--auth", "trust"])
            .args(["--encoding", "UTF8", "--locale", "C", "--no-sync"])
            .args(["--wal-segsize", "1"])
            .current_dir("/")
            .stdout(Stdio::null())
            .status();
        let done = done.unwrap_or_else(|e| panic!("initdb: {e}"));
        assert!(done.success(), "initdb failed");
    }

    /// Processes that are killed lose nothing the kernel has: writes need not wait for the disk.
    fn spawn(&self) -> Child {
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "max_connections=100",
            "shared_buffers=16MB",
            "min_wal_size=2MB",
            "max_wal_size=8MB",
        ];
        let mut postgres = as_nobody();
        if is_root() {
            postgres.args(["--pdeathsig", "KILL"]);
        }
        postgres
            .arg(self.bin.join("postgres"))
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()])
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .current_dir("/")
            .env("LC_ALL", "C")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("start Postgres: {e}"))
    }

    /// To the first process and its children, those it started in the meantime too.
    fn signal(&self, name: &str) {
        let Some(first) = self.child.as_ref().map(Child::id) else {
            return;
        };
        let before = children(first);
        send(name, &[first.to_string()]);
        let mut all = children(first);
        all.extend(before);
        send(name, &all);
    }
}

/// A session of a [`Cluster`] with what its statement holds.
#[derive(Debug)]
pub struct HeldSession(Child);

impl Drop for HeldSession {
    fn drop(&mut self) {
        // The server ends the session once nobody is at the other end; it is idle.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A disk in memory, mounted over a folder.
#[derive(Debug)]
struct Mounted(PathBuf);

impl Mounted {
    fn at(folder: &Path) -> Result<Self, String> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={DISK_MIB}m,mode=0755"))
            .arg("tmpfs")
            .arg(folder)
            .output()
            .map_err(|error| format!("mount: {error}"))?;
        if done.status.success() {
            return Ok(Self(folder.to_owned()));
        }
        Err(String::from_utf8_lossy(&done.stderr).trim().to_owned())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let done = Command::new("umount").arg("--lazy").arg(&self.0).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.0.display());
        }
    }
}

fn folder() -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix("smartsight-cluster-")
        .tempdir();
    folder.unwrap_or_else(|e| panic!("no temporary folder: {e}"))
}

/// Postgres runs as somebody else where this process is root.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let all = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(folder, all).unwrap_or_else(|e| panic!("open the folder: {e}"));
}

fn is_running(child: &mut Child) -> bool {
    matches!(child.try_wait(), Ok(None))
}

fn children(process: u32) -> Vec<String> {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path).unwrap_or_default();
    children.split_whitespace().map(str::to_owned).collect()
}

/// Processes that are gone are no failure.
fn send(signal: &str, processes: &[String]) {
    if processes.is_empty() {
        return;
    }
    let mut kill = Command::new("kill");
    kill.arg("-s").arg(signal).args(processes);
    kill.stderr(Stdio::null());
    kill.status().unwrap_or_else(|e| panic!("kill: {e}"));
}
