//! Several processes that look like one server.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use super::balancer::Balancer;
use super::server::{Setup, wait_until_ready};

/// Says in a setup that a server is two of them and a worker; read by tests only.
const REPLICAS: &str = "TEST_REPLICAS";

impl Setup {
    /// Two replicas behind a balancer, and a worker. The setup must be one of stores they share.
    pub(super) fn replicated(self) -> Self {
        self.with(REPLICAS, "2")
    }

    pub(super) fn is_replicated(&self) -> bool {
        self.variable(REPLICAS).is_some()
    }
}

/// What runs beside the first process: the second one, a worker, and what is in front of all.
/// Killed when dropped.
pub(super) struct Beside {
    setup: Setup,
    second: Process,
    _worker: Process,
    balancer: Balancer,
}

struct Process {
    child: Child,
    folder: PathBuf,
}

impl Beside {
    /// Starts them in folders below `folder`.
    pub(super) async fn start(setup: &Setup, folder: &Path, first: &str) -> Self {
        let mut second = Process::start(setup, folder.join("second"), &["serve", "--no-worker"]);
        let base = second.ready().await;
        Self {
            setup: setup.clone(),
            second,
            _worker: Process::start(setup, folder.join("worker"), &["worker"]),
            balancer: Balancer::start(&[first, &base]),
        }
    }

    /// Where clients reach all of them.
    pub(super) fn base(&self) -> String {
        self.balancer.base().to_owned()
    }

    /// Kills the second process at once.
    pub(super) fn kill_second(&mut self) {
        self.second.kill();
    }

    /// Starts the killed one again, on the same folder or on a new one.
    pub(super) async fn restart_second(&mut self, folder: &str) {
        let folder = self.second.folder.with_file_name(folder);
        self.second = Process::start(&self.setup, folder, &["serve", "--no-worker"]);
        let base = self.second.ready().await;
        self.balancer.moved(1, &base);
    }
}

impl Process {
    fn start(setup: &Setup, folder: PathBuf, words: &[&str]) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::remove_file(folder.join("address")).ok();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut command = setup.command(&folder);
        let command = command.args(words).stderr(log).stdout(Stdio::null());
        let child = command.spawn().unwrap();
        Self { child, folder }
    }

    async fn ready(&mut self) -> String {
        wait_until_ready(&mut self.child, &self.folder).await
    }

    fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
