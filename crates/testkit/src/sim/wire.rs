//! Connections that an answer can cut.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

/// Cuts the connection that a request came by.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    wanted: watch::Sender<bool>,
    reset: Arc<AtomicBool>,
}

impl Cut {
    fn new() -> Self {
        Self {
            wanted: watch::Sender::new(false),
            reset: Arc::default(),
        }
    }

    /// When the connection is closed, it is reset.
    pub(super) fn reset_on_close(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    /// Closes the connection as it stands.
    pub(super) fn now(&self) {
        self.wanted.send_replace(true);
    }

    async fn wanted(&self) {
        let mut wanted = self.wanted.subscribe();
        // The sender lives in `self`, so this ends only when a cut is wanted.
        let _ = wanted.wait_for(|wanted| *wanted).await;
    }
}

/// A connection that can be reset.
#[derive(Debug)]
struct Wire {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            // A connection that is already gone cannot be reset.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// A listener on 127.0.0.1 for whichever runtime will serve it.
pub(super) fn listen(port: u16, receive_buffer: Option<u32>) -> io::Result<std::net::TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    if let Some(bytes) = receive_buffer {
        // Connections inherit it.
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind((std::net::Ipv4Addr::LOCALHOST, port).into())?;
    socket.listen(1024)?.into_std()
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
    // Events are small and wait for nobody; without this they only come later.
    let _ = stream.set_nodelay(true);
    let wire = Wire {
        stream,
        reset: Arc::clone(&cut.reset),
    };
    let service = TowerToHyperService::new(app.layer(Extension(cut.clone())));
    let serving = http1::Builder::new()
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    tokio::select! {
        // How a caller ends a connection is the caller's business.
        _ = serving => {}
        () = cut.wanted() => {}
    }
}
