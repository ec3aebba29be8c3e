//! A Postgres of its own for one run: in a temporary folder, on a free port, gone afterwards.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::interrupt::Interrupt;
use crate::process::{Running, output};
use crate::setup::{apt::is_root, needs::postgres_folder};

/// Speed over safety: what this server stores is thrown away with it.
const SETTINGS: [&str; 5] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "listen_addresses=127.0.0.1",
];

/// A running server; dropped, it is stopped and its folder removed.
pub(super) struct Postgres {
    // In this order: the server ends before its folder goes.
    _server: Running,
    _folder: TempDir,
    url: String,
}

impl Postgres {
    /// Starts a server and waits until it takes connections.
    pub(super) fn start(interrupt: &Interrupt) -> Result<Self> {
        let prefix = "smartsight-postgres-";
        Self::start_in(
            tempfile::Builder::new().prefix(prefix).tempdir()?,
            interrupt,
        )
    }

    fn start_in(folder: TempDir, interrupt: &Interrupt) -> Result<Self> {
        let programs = postgres_folder().context("no initdb found")?;
        let account = Account::for_server()?;
        account.own(folder.path())?;
        initialise(&programs, &account, folder.path())?;
        let port = free_port()?;
        let mut command = account.command(&programs.join("postgres"), folder.path());
        serve(&mut command, folder.path(), port)?;
        let mut server = Running::start_apart(&mut command, interrupt)?.stopped_by("INT");
        let pid_file = folder.path().join("data/postmaster.pid");
        server.wait_for(Duration::from_mins(1), || is_ready(&pid_file))?;
        Ok(Self {
            _server: server,
            _folder: folder,
            url: format!("postgres://postgres@127.0.0.1:{port}"),
        })
    }

    /// Where tests connect, as a user who may create databases; names none of them.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

fn initialise(programs: &Path, account: &Account, folder: &Path) -> Result<()> {
    let mut initdb = account.command(&programs.join("initdb"), folder);
    initdb.arg("--pgdata").arg(folder.join("data"));
    initdb.args(["--username=postgres", "--auth=trust", "--no-sync"]);
    initdb.args(["--encoding=UTF8", "--locale=C"]);
    output(&mut initdb).map(drop)
}

fn serve(command: &mut Command, folder: &Path, port: u16) -> Result<()> {
    let log = std::fs::File::create(folder.join("log"))?;
    command.arg("-D").arg(folder.join("data"));
    command
        .arg("-k")
        .arg(folder)
        .arg("-p")
        .arg(port.to_string());
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    command.stdout(Stdio::null()).stderr(log);
    Ok(())
}

/// The server writes its state into the last line of its pid file.
fn is_ready(pid_file: &Path) -> Option<()> {
    let text = std::fs::read_to_string(pid_file).ok()?;
    (text.lines().nth(7)?.trim() == "ready").then_some(())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whom the server runs as: it refuses root.
enum Account {
    OneSelf,
    Nobody { user: u32, group: u32 },
}

impl Account {
    fn for_server() -> Result<Self> {
        if !is_root()? {
            return Ok(Self::OneSelf);
        }
        let id = |kind: &str| -> Result<u32> {
            let id = output(Command::new("id").args([kind, "nobody"]))?;
            Ok(id.trim().parse()?)
        };
        Ok(Self::Nobody {
            user: id("-u")?,
            group: id("-g")?,
        })
    }

    fn own(&self, folder: &Path) -> Result<()> {
        if let Self::Nobody { user, group } = self {
            std::fs::set_permissions(folder, Permissions::from_mode(0o755))?;
            chown(folder, Some(*user), Some(*group))?;
        }
        Ok(())
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = match self {
            Self::OneSelf => Command::new(program),
            Self::Nobody { user, group } => {
                let mut command = Command::new("setpriv");
                command.args([format!("--reuid={user}"), format!("--regid={group}")]);
                command.arg("--clear-groups").arg(program);
                command
            }
        };
        command.current_dir(folder);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_server_takes_connections_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_path_buf();
        let postgres = Postgres::start_in(folder, &Interrupt::default()).unwrap();
        let address = postgres.url().replace("postgres://postgres@", "");
        assert!(TcpStream::connect(&address).is_ok());
        drop(postgres);
        assert!(TcpStream::connect(&address).is_err());
        assert!(!path.exists());
    }
}
