//! Connections that an answer can cut.

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Cuts the connection that a request came by.
#[derive(Debug, Clone)]
pub(super) struct Cut(watch::Sender<bool>);

impl Cut {
    fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Closes the connection as it stands.
    pub(super) fn now(&self) {
        self.0.send_replace(true);
    }

    async fn wanted(&self) {
        let mut wanted = self.0.subscribe();
        // The sender lives in `self`, so this ends only when a cut is wanted.
        let _ = wanted.wait_for(|wanted| *wanted).await;
    }
}

/// Serves until it is dropped.
pub(super) async fn serve(listener: TcpListener, app: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, app.clone()));
            }
            // Out of file descriptors, or a caller that is gone: the next one may do better.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn connection(stream: TcpStream, app: Router) {
    let cut = Cut::new();
    let service = TowerToHyperService::new(app.layer(Extension(cut.clone())));
    let serving = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::select! {
        // How a caller ends a connection is the caller's business.
        _ = serving => {}
        () = cut.wanted() => {}
    }
}
