//! A way to another server on which everything can go wrong that goes wrong on networks.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// What happens on the way, on connections there are and on new ones, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Bytes pass as they come.
    Clear,
    /// Nobody listens: connections break and new ones are refused.
    Refuse,
    /// A connection is reset once so many bytes have passed from one side since this began.
    CutAfter(usize),
    /// Connections stay open and silent.
    Stall,
    /// So many bytes pass at a time, and then none for a while.
    Trickle(usize, Duration),
    /// What is sent arrives so much later.
    Delay(Duration),
}

/// A proxy in front of one server; once dropped its connections break.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
}

impl Proxy {
    /// A proxy on a free port of this machine, under a clear sky.
    ///
    /// # Panics
    /// When no port can be bound.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await;
        let address = listener.local_addr();
        let address = address.unwrap_or_else(|e| panic!("no address: {e}"));
        let (weather, seen) = watch::channel(Weather::Clear);
        tokio::spawn(accept(listener, address, target, seen));
        Self { address, weather }
    }

    /// Where clients reach it.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what happens from now on.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn listen(address: SocketAddr) -> TcpListener {
    let listener = TcpListener::bind(address).await;
    listener.unwrap_or_else(|e| panic!("no port for a proxy: {e}"))
}

async fn accept(
    listener: TcpListener,
    address: SocketAddr,
    target: SocketAddr,
    mut weather: watch::Receiver<Weather>,
) {
    let mut listener = Some(listener);
    while let Some(listening) = listener.take() {
        let accepted = tokio::select! {
            accepted = listening.accept() => accepted,
            refusing = until(&mut weather, Weather::Refuse) => {
                drop(listening);
                if refusing && over(&mut weather, Weather::Refuse).await {
                    listener = Some(listen(address).await);
                }
                continue;
            }
        };
        listener = Some(listening);
        if let Ok((client, _)) = accepted {
            tokio::spawn(join(client, target, weather.clone()));
        }
    }
}

/// Waits for this weather; false once nobody makes any.
async fn until(weather: &mut watch::Receiver<Weather>, wanted: Weather) -> bool {
    weather.wait_for(|now| *now == wanted).await.is_ok()
}

/// Waits until this weather is over; false once nobody makes any.
async fn over(weather: &mut watch::Receiver<Weather>, wanted: Weather) -> bool {
    weather.wait_for(|now| *now != wanted).await.is_ok()
}

async fn join(mut client: TcpStream, target: SocketAddr, weather: watch::Receiver<Weather>) {
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    let (client_in, client_out) = client.split();
    let (server_in, server_out) = server.split();
    let ended = tokio::try_join!(
        hand_on(client_in, server_out, weather.clone()),
        hand_on(server_in, client_out, weather)
    );
    if ended.is_err() {
        // Both sides hear of it at once, and neither takes it for an orderly end.
        client.set_zero_linger().ok();
        server.set_zero_linger().ok();
    }
}

/// Fails where the connection is to break.
async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut way = Way {
        began: *weather.borrow(),
        passed: 0,
    };
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read?,
            _ = until(&mut weather, Weather::Refuse) => return Err(broken()),
        };
        if read == 0 {
            return to.shutdown().await;
        }
        way.pass(&buffer[..read], &mut to, &mut weather).await?;
    }
}

/// One direction of a connection.
struct Way {
    began: Weather,
    /// Bytes since this weather began.
    passed: usize,
}

impl Way {
    async fn pass(
        &mut self,
        mut bytes: &[u8],
        to: &mut (impl AsyncWrite + Unpin),
        weather: &mut watch::Receiver<Weather>,
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            let now = *weather.borrow_and_update();
            if now != self.began {
                *self = Self {
                    began: now,
                    passed: 0,
                };
            }
            let (at_once, pause) = match now {
                Weather::Clear => (bytes.len(), Duration::ZERO),
                Weather::Refuse => return Err(broken()),
                Weather::CutAfter(most) if self.passed >= most => return Err(broken()),
                Weather::CutAfter(most) => (most - self.passed, Duration::ZERO),
                Weather::Trickle(most, pause) => (most, pause),
                Weather::Delay(pause) => (bytes.len(), pause),
                Weather::Stall => {
                    weather.changed().await.map_err(|_| broken())?;
                    continue;
                }
            };
            sleep(pause).await;
            let (first, rest) = bytes.split_at(at_once.min(bytes.len()));
            to.write_all(first).await?;
            self.passed += first.len();
            bytes = rest;
        }
        Ok(())
    }
}

fn broken() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
