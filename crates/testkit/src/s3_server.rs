//! A real S3 server for tests: signatures are checked, objects lie in a temporary folder.

mod service;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread::JoinHandle;

use tempfile::TempDir;
use tokio::sync::oneshot;
use url::Url;

/// A running S3 server with one bucket. It has a thread and a runtime of its own; dropping or
/// stopping it ends every connection at once.
#[derive(Debug)]
pub struct S3Server {
    folder: TempDir,
    address: SocketAddr,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl S3Server {
    /// The bucket there is.
    pub const BUCKET: &str = "study-photos";
    /// The region requests are signed for.
    pub const REGION: &str = "us-east-1";
    /// The access key's id.
    pub const ACCESS_KEY_ID: &str = "AKIATESTTESTTESTTEST";
    /// The access key's secret.
    pub const SECRET_ACCESS_KEY: &str = "a-secret-only-this-server-knows";

    /// A server on a free port.
    ///
    /// # Panics
    /// When no folder can be made or no port bound.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let bucket = folder.path().join(Self::BUCKET);
        std::fs::create_dir(bucket).unwrap_or_else(|e| panic!("no bucket: {e}"));
        let mut server = Self {
            folder,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            running: None,
        };
        server.restart();
        server
    }

    /// Where clients reach it. The server knows buckets in paths only.
    ///
    /// # Panics
    /// Never; an address is always part of a valid URL.
    pub fn endpoint(&self) -> Url {
        let text = format!("http://{}", self.address);
        Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// Where the bucket's objects lie, each in a file named by its key.
    pub fn bucket_folder(&self) -> std::path::PathBuf {
        self.folder.path().join(Self::BUCKET)
    }

    /// Goes away: connections end, new ones are refused. Objects stay.
    pub fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            // A thread that has ended by itself takes no message and is joined all the same.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }

    /// Comes back on the same port with the same objects.
    ///
    /// # Panics
    /// When the port is taken.
    pub fn restart(&mut self) {
        self.stop();
        let listener = TcpListener::bind(self.address)
            .unwrap_or_else(|error| panic!("{} cannot be bound: {error}", self.address));
        self.address = listener
            .local_addr()
            .unwrap_or_else(|error| panic!("a listener without address: {error}"));
        self.running = Some(run(listener, self.folder.path()));
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(listener: TcpListener, folder: &Path) -> Running {
    let (stop, stopped) = oneshot::channel();
    let service = service::Service::new(folder);
    let thread = std::thread::Builder::new()
        .name("s3-server".to_owned())
        .spawn(move || service::serve_until(listener, &service, stopped))
        .unwrap_or_else(|error| panic!("no thread: {error}"));
    Running { stop, thread }
}
