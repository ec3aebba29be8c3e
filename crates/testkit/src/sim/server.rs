//! The simulator's handle.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use url::Url;

use super::bill::SimBill;
use super::door;
use super::options::SimOptions;
use super::realtime::Realtime;
use super::record::RecordedRequest;
use super::script::Script;
use super::state::State;
use super::wire;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running simulator. It has a thread and a runtime of its own, so blocking tests can use it and
/// dropping it ends every connection at once.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// A simulator on a free port that takes any key and any model.
    ///
    /// # Panics
    /// When no port can be bound.
    pub async fn start() -> Self {
        Self::start_with(SimOptions::default()).await
    }

    /// A simulator set up as told.
    ///
    /// # Panics
    /// When the port cannot be bound.
    pub async fn start_with(options: SimOptions) -> Self {
        let port = options.port;
        Self::try_start(options)
            .await
            .unwrap_or_else(|error| panic!("no simulator on port {port}: {error}"))
    }

    /// A simulator set up as told.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn try_start(options: SimOptions) -> std::io::Result<Self> {
        let listener = wire::listen(options.port, options.realtime.receive_buffer)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options));
        let (stop, stopped) = oneshot::channel();
        let (ready, running) = oneshot::channel();
        let thread = {
            let state = Arc::clone(&state);
            std::thread::Builder::new()
                .name("simulator".to_owned())
                .spawn(move || run(listener, state, ready, stopped))?
        };
        running.await.map_err(std::io::Error::other)?;
        Ok(Self {
            address,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The base URL for clients, `http://127.0.0.1:PORT/v1`.
    ///
    /// # Panics
    /// Never; an address is always part of a valid URL.
    pub fn base_url(&self) -> Url {
        let text = format!("http://{}/v1", self.address);
        Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// Replaces the script; counting begins anew.
    pub fn script(&self, script: Script) {
        self.state.set_script(script);
    }

    /// The newest requests, oldest first, refused ones included.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.requests()
    }

    /// Every answer that was billed since the start, first to last; vision alone.
    pub fn bills(&self) -> Vec<SimBill> {
        self.state.bills()
    }

    /// The base URL for clients of Anthropic and Gemini, `http://127.0.0.1:PORT`.
    ///
    /// # Panics
    /// Never; an address is always part of a valid URL.
    pub fn origin(&self) -> Url {
        let text = format!("http://{}", self.address);
        Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// How many requests have arrived since the start.
    pub fn request_count(&self) -> u64 {
        *self.state.arrivals().borrow()
    }

    /// The realtime half: its script and its connections.
    pub fn realtime(&self) -> Realtime<'_> {
        Realtime(&self.state.realtime)
    }

    /// The base URL for web sockets, `ws://127.0.0.1:PORT/v1`.
    ///
    /// # Panics
    /// Never; an address is always part of a valid URL.
    pub fn websocket_base_url(&self) -> Url {
        let text = format!("ws://{}/v1", self.address);
        Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// Waits until `count` requests have arrived since the start.
    ///
    /// # Panics
    /// When they have not within 30 seconds.
    pub async fn wait_for_requests(&self, count: u64) {
        let mut arrivals = self.state.arrivals();
        let arrived = arrivals.wait_for(|arrived| *arrived >= count);
        let in_time = tokio::time::timeout(PATIENCE, arrived).await.is_ok();
        assert!(in_time, "fewer than {count} requests arrived");
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A thread that has ended by itself takes no message and is joined all the same.
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

fn run(
    listener: std::net::TcpListener,
    state: Arc<State>,
    ready: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
) {
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else {
        // Dropping `ready` tells the starter.
        return;
    };
    runtime.block_on(async {
        let Ok(listener) = TcpListener::from_std(listener) else {
            return;
        };
        if ready.send(()).is_err() {
            return;
        }
        tokio::select! {
            () = wire::serve(listener, door::router(state)) => {}
            // Told to stop, or the handle is gone.
            _ = stopped => {}
        }
    });
    runtime.shutdown_background();
}
