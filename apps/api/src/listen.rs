//! Taking connections.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the head of a request may take to arrive, and how long a connection may lie idle.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// Of one connection, for its head and what is read ahead; bodies are counted elsewhere.
const BUFFER_BYTES: usize = 64 * 1024;
/// After a failure to accept, as when no file handles are left.
const PAUSE: Duration = Duration::from_millis(500);

/// What answers: something that says that the server starts, until it has.
#[derive(Clone)]
pub(crate) struct Door {
    starting: Router,
    started: Arc<OnceLock<Router>>,
}

impl Door {
    /// A closed one, with who answers meanwhile.
    pub(crate) fn closed(starting: Router) -> Self {
        let started = Arc::default();
        Self { starting, started }
    }

    /// Requests from now on are answered by `router`, whenever their connection was made.
    pub(crate) fn open(&self, router: Router) {
        self.started.get_or_init(|| router);
    }

    fn router(&self) -> Router {
        self.started.get().unwrap_or(&self.starting).clone()
    }
}

/// Serves until stopped, then ends what is running, at most for `grace`. Gives what is left of that
/// time: zero where something did not end.
pub(crate) async fn serve(
    listener: TcpListener,
    door: Door,
    stop: CancellationToken,
    grace: Duration,
) -> Duration {
    let running = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                running.spawn(answer(stream, peer, door.clone(), stop.clone()));
            }
            Err(error) => {
                tracing::warn!(error = %error, "no connection can be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    running.close();
    let stopped = Instant::now();
    if tokio::time::timeout(grace, running.wait()).await.is_err() {
        tracing::warn!("requests did not end in time");
    }
    grace.saturating_sub(stopped.elapsed())
}

/// Answers the requests of one connection; once stopped, only the one that is running.
async fn answer(stream: TcpStream, peer: SocketAddr, door: Door, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "small packets may wait");
    }
    // Handlers ask where a request comes from. A layer would make every route anew for each
    // connection.
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        TowerToHyperService::new(door.router()).call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn asked(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn what_answers_is_asked_for_each_request_and_its_panics_end_one_connection_at_most() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, grace) = (CancellationToken::new(), Duration::from_secs(5));
        let door = Door::closed(Router::new().fallback(async || "starting"));
        let serving = tokio::spawn(serve(listener, door.clone(), stop.clone(), grace));
        assert!(asked(address, "/").await.ends_with("starting"));
        let falls = get(async || -> &'static str { panic!("on purpose") });
        let started = Router::new().route("/falls", falls);
        door.open(started.fallback(async || "started"));
        assert_eq!(asked(address, "/falls").await, "");
        assert!(asked(address, "/").await.ends_with("started"));
        stop.cancel();
        assert!(!serving.await.unwrap().is_zero());
    }
}
