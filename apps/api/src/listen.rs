//! Taking connections.

use std::net::SocketAddr;
use std::pin::pin;
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

/// Serves until stopped, then ends what is running, at most for `grace`. Gives what is left of that
/// time: zero where something did not end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
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
                running.spawn(answer(stream, peer, router.clone(), stop.clone()));
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
async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "small packets may wait");
    }
    let service = TowerToHyperService::new(router);
    // Handlers ask where a request comes from. A layer would make every route anew for each
    // connection.
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        service.call(request)
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
