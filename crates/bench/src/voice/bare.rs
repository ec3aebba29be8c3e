//! The limit: a relay that passes messages on as they are, on the same WebSocket library.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

/// The bare relay as a program.
#[derive(Debug, clap::Args)]
pub(crate) struct BareRelay {
    /// Where the model is, HOST:PORT.
    #[arg(long)]
    model: String,
    /// Where to write the address it listens on.
    #[arg(long)]
    address_file: std::path::PathBuf,
}

impl BareRelay {
    /// Relays until it is killed.
    ///
    /// # Errors
    /// When it cannot listen.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        std::fs::write(&self.address_file, listener.local_addr()?.to_string())?;
        loop {
            let (phone, _) = listener.accept().await?;
            let model = self.model.clone();
            tokio::spawn(async move {
                if let Err(error) = relay(phone, &model).await {
                    eprintln!("bare relay: {error}");
                }
            });
        }
    }
}

async fn relay(phone: TcpStream, model: &str) -> anyhow::Result<()> {
    phone.set_nodelay(true)?;
    let phone = tokio_tungstenite::accept_async(phone).await?;
    let stream = TcpStream::connect(model).await?;
    stream.set_nodelay(true)?;
    let url = format!("ws://{model}/v1/realtime");
    let (model, _) = tokio_tungstenite::client_async(url, stream).await?;
    let (to_phone, from_phone) = phone.split();
    let (to_model, from_model) = model.split();
    tokio::select! {
        passed = pass(from_phone, to_model) => passed,
        passed = pass(from_model, to_phone) => passed,
    }
}

type Sender = futures_util::stream::SplitSink<WebSocketStream<TcpStream>, Message>;
type Receiver = futures_util::stream::SplitStream<WebSocketStream<TcpStream>>;

async fn pass(mut from: Receiver, mut to: Sender) -> anyhow::Result<()> {
    while let Some(message) = from.next().await {
        match message {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => to.send(message).await?,
            Ok(_) => {}
            // The measurement is over.
            Err(Error::Protocol(_) | Error::ConnectionClosed | Error::Io(_)) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A running bare relay; killed when dropped.
pub(super) struct Running {
    child: Child,
    pub(super) address: String,
    _folder: tempfile::TempDir,
}

impl Running {
    /// Starts this program again as the bare relay, on one core.
    ///
    /// # Errors
    /// When it does not listen in ten seconds.
    pub(super) async fn start(core: usize, model: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("address");
        let child = crate::pin::on_core(Some(core), &std::env::current_exe()?)
            .args(["bare-relay", "--model", model, "--address-file"])
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .context("the bare relay cannot be started")?;
        let mut running = Self {
            child,
            address: String::new(),
            _folder: folder,
        };
        running.address = address(&file).await?;
        Ok(running)
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn address(file: &Path) -> anyhow::Result<String> {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if !text.is_empty() {
            return Ok(text);
        }
        ensure!(Instant::now() < until, "the bare relay does not listen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
