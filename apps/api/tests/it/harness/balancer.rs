//! In front of several servers: each connection goes to the next one.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// Takes turns between servers. One that does not take the connection is passed over. It has a
/// thread of its own, so that a test may wait for a program that asks the servers.
pub(super) struct Balancer {
    base: String,
    servers: Servers,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Servers = Arc<Mutex<Vec<SocketAddr>>>;

impl Balancer {
    /// In front of servers with these addresses (`http://127.0.0.1:1`).
    pub(super) fn start(bases: &[&str]) -> Self {
        let servers: Servers = Arc::new(Mutex::new(bases.iter().map(|base| of(base)).collect()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = servers.clone();
        let thread = std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            base,
            servers,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Where clients reach it.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// A server has another address now.
    pub(super) fn moved(&self, number: usize, base: &str) {
        self.servers.lock().unwrap()[number] = of(base);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn of(base: &str) -> SocketAddr {
    base.trim_start_matches("http://").parse().unwrap()
}

async fn accept(listener: std::net::TcpListener, servers: Servers) {
    let listener = TcpListener::from_std(listener).unwrap();
    let turn = AtomicUsize::new(0);
    loop {
        let Ok((mut client, _)) = listener.accept().await else {
            continue;
        };
        let mut order = servers.lock().unwrap().clone();
        let first = turn.fetch_add(1, Ordering::Relaxed) % order.len();
        order.rotate_left(first);
        tokio::spawn(async move {
            for server in order {
                if let Ok(mut server) = TcpStream::connect(server).await {
                    copy_bidirectional(&mut client, &mut server).await.ok();
                    return;
                }
            }
        });
    }
}
