//! A real Redis for tests, of the Redis or Valkey found in `PATH`.
//!
//! Its lifetime is that of its standard input: when this process ends, however it ends, the input
//! closes and the shell around the server kills it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const LIFE: &str = r#"
trap '' INT
folder=$(mktemp -d /tmp/smartsight-redis-XXXXXX)
trap 'rm -rf "$folder"' EXIT
"$SERVER" --port "$PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" &
server=$!
echo $server
exec 3<&0 2>/dev/null
{ cat <&3; kill -KILL $server; } >/dev/null 2>&1 &
wait $server
"#;
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];
const READY: &str = "eady to accept connections";
const ATTEMPTS: usize = 3;

static PREFIXES: AtomicU32 = AtomicU32::new(1);

/// A running Redis that keeps nothing on disk; killed with the value.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    pid: u32,
    /// Its input is open as long as the server is to live.
    life: Child,
}

impl RedisServer {
    /// The server of this process, started when it is first asked for. Tests on it keep apart by a
    /// [`prefix`].
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<RedisServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server on a free port of this machine.
    ///
    /// # Panics
    /// When Redis is not installed or does not start.
    pub fn start() -> Self {
        // Another process may take the port in between: then the next try has another one.
        let started = (0..ATTEMPTS).find_map(|_| try_start(free_port()));
        started.unwrap_or_else(|| panic!("Redis did not start; its own words are above"))
    }

    /// Starts a server where a stopped one has been.
    ///
    /// # Panics
    /// As [`RedisServer::start`], also when the port is taken.
    pub fn start_at(port: u16) -> Self {
        try_start(port).unwrap_or_else(|| panic!("Redis did not start; its own words are above"))
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Keeps the server from doing anything; connections stay open.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let status = kill.arg(signal).arg(self.pid.to_string()).status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "kill {signal} Redis"
        );
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        drop(self.life.stdin.take());
        if let Err(error) = self.life.wait() {
            eprintln!("stop Redis: {error}");
        }
    }
}

/// A prefix for keys that no other test of this process has.
pub fn prefix() -> String {
    format!("test-{}:", PREFIXES.fetch_add(1, Ordering::Relaxed))
}

fn try_start(port: u16) -> Option<RedisServer> {
    let mut life = Command::new("sh")
        .args(["-c", LIFE])
        .env("SERVER", program())
        .env("PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("start Redis: {e}"));
    let pid = life.stdout.take().and_then(wait_until_ready);
    let server = RedisServer {
        port,
        pid: pid.unwrap_or_default(),
        life,
    };
    pid.map(|_| server)
}

fn program() -> &'static str {
    let is_there = |program: &&str| {
        let asked = Command::new(program).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    };
    let found = PROGRAMS.into_iter().find(|program| is_there(program));
    found.unwrap_or_else(|| panic!("cargo xtask setup, or apt-get install redis-server"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address
        .unwrap_or_else(|e| panic!("a free port: {e}"))
        .port()
}

/// The process id, said first; `None` when the server ends before it is ready. Afterwards somebody
/// has to go on reading.
fn wait_until_ready(said: ChildStdout) -> Option<u32> {
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let pid = lines.next()?.parse().ok()?;
    let mut heard = Vec::new();
    for line in lines.by_ref() {
        if line.contains(READY) {
            std::thread::spawn(move || lines.for_each(drop));
            return Some(pid);
        }
        heard.push(line);
    }
    eprintln!("{}", heard.join("\n"));
    None
}
