//! Starting and asking a server.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::OnceLock;

use super::install;

/// A server's lifetime is that of its standard input: when this process ends, however it ends,
/// the input closes, the shell stops the server and removes its folder.
const LIFE: &str = r#"
set -e
trap '' INT
folder=$(mktemp -d /tmp/smartsight-postgres-XXXXXX)
trap 'rm -rf "$folder"' EXIT
"$BIN/initdb" --pgdata "$folder" --username postgres --auth trust --encoding UTF8 \
    --locale C --no-sync >/dev/null
"$BIN/postgres" -D "$folder" -p "$PORT" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=300 $SETTINGS &
server=$!
exec 3<&0
{ cat <&3; kill -QUIT $server; } >/dev/null 2>&1 &
wait $server || true
"#;
const READY: &str = "database system is ready to accept connections";
const ATTEMPTS: usize = 3;
/// Of servers whose data nobody misses.
const FAST: &str =
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB";
/// Of servers that wait for their disk.
const LASTING: &str = "-c shared_buffers=512MB -c max_wal_size=4GB";

/// A Postgres server where databases may be made.
#[derive(Debug)]
pub struct Server {
    /// `postgres://user@host:port`, without a database.
    base: String,
    /// Its input is open as long as the server is to live. Nothing for a server that was there.
    life: Option<Child>,
}

impl Server {
    /// The server of this process, started when it is first asked for.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var("SMARTSIGHT_TEST_POSTGRES") {
            Ok(url) => Self {
                base: url.trim_end_matches('/').to_owned(),
                life: None,
            },
            Err(_) => Self::start(),
        })
    }

    /// Starts a server on a free port of this machine; it is stopped with the value.
    ///
    /// # Panics
    /// When Postgres is not installed or does not start.
    pub fn start() -> Self {
        Self::start_with(FAST)
    }

    /// The same, but what is committed is on the disk, as it is in production: for measurements.
    ///
    /// # Panics
    /// When Postgres is not installed or does not start.
    pub fn start_lasting() -> Self {
        Self::start_with(LASTING)
    }

    fn start_with(settings: &str) -> Self {
        let bin = install::binaries();
        let started = (0..ATTEMPTS).find_map(|_| try_start(&bin, settings));
        started.unwrap_or_else(|| panic!("Postgres did not start; its own words are above"))
    }

    /// Where to connect to a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }

    /// Drops a database when this process has ended and with it the input of the child. Nothing
    /// to do on a server that goes with the process.
    pub(super) fn drop_at_exit(&self, database: &str) -> Option<Child> {
        if self.life.is_some() {
            return None;
        }
        let child = Command::new("sh")
            .args([
                "-c",
                r#"trap '' INT; cat >/dev/null; "$PSQL" -qXc "$DROP" "$URL""#,
            ])
            .env("PSQL", install::psql())
            .env(
                "DROP",
                format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"),
            )
            .env("URL", self.url("postgres"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        Some(child.unwrap_or_else(|e| panic!("sh: {e}")))
    }

    /// Runs one statement outside any transaction.
    ///
    /// # Errors
    /// What the server said.
    pub fn run(&self, statement: &str) -> Result<(), String> {
        let output = Command::new(install::psql())
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args(["--command", statement, &self.url("postgres")])
            .output()
            .map_err(|e| format!("psql: {e}"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{statement}: {said}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(mut life) = self.life.take() else {
            return;
        };
        drop(life.stdin.take());
        if let Err(error) = life.wait() {
            eprintln!("stop Postgres: {error}");
        }
    }
}

/// Another process may take the port in between: then there is no server, and the next try has
/// another port.
fn try_start(bin: &Path, settings: &str) -> Option<Server> {
    let port = free_port();
    let mut child = life_of_a_server(bin, port, settings);
    let ready = child.stderr.take().is_some_and(wait_until_ready);
    let server = Server {
        base: format!("postgres://postgres@127.0.0.1:{port}"),
        life: Some(child),
    };
    ready.then_some(server)
}

fn life_of_a_server(bin: &Path, port: u16, settings: &str) -> Child {
    let mut command = as_nobody();
    command
        .args(["sh", "-c", LIFE])
        .env("BIN", bin)
        .env("PORT", port.to_string())
        .env("SETTINGS", settings)
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("start Postgres: {e}"))
}

/// Postgres does not run as root.
pub(super) fn as_nobody() -> Command {
    if !is_root() {
        return Command::new("env");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    command
}

pub(super) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address
        .unwrap_or_else(|e| panic!("a free port: {e}"))
        .port()
}

/// Reads what the server says until it is ready; afterwards somebody has to go on reading.
fn wait_until_ready(said: ChildStderr) -> bool {
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let mut heard = Vec::new();
    for line in lines.by_ref() {
        if line.contains(READY) {
            std::thread::spawn(move || lines.for_each(drop));
            return true;
        }
        heard.push(line);
    }
    eprintln!("{}", heard.join("\n"));
    false
}
