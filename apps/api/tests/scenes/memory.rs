//! Clients that are slow, silent or deaf cost bounded memory.

use std::net::SocketAddr;
use std::time::Duration;

use testkit::sim::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::Url;

use crate::harness::{Client, Server, Setup, page};

/// What `docs/production.md` promises.
const BOUND: u64 = 512 * 1024 * 1024;
const FILE_BYTES: usize = 10 * 1000 * 1000;
const PIECE: usize = 500_000;
/// Between two pieces, so that a file takes four seconds.
const PAUSE: Duration = Duration::from_millis(200);

#[tokio::test(flavor = "multi_thread")]
async fn slow_silent_and_deaf_clients_cost_bounded_memory() {
    let model = Simulator::start().await;
    let server = Setup::embedded(model.base_url().as_ref())
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
        .with("RATE_LIMIT_ANALYSES_PER_MIN", "0")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "0")
        .start()
        .await;
    let address = address(&server);
    let idle = connected(address, 1000).await;
    let deaf = deaf(&server).await;
    let uploads: JoinSet<_> = (0..200).map(|_| slow_upload(address)).collect();
    let mut told = uploads.join_all().await;
    told.sort_unstable();
    let taken = told.iter().filter(|status| **status == 200).count();
    told.dedup();
    let peak = server.peak_memory();
    eprintln!("{} MiB at most; {taken} of 200 uploads served", peak >> 20);
    assert!(
        told.iter()
            .all(|status| [200, 408, 503, 0].contains(status)),
        "{told:?}"
    );
    assert!(taken > 0 && peak < BOUND, "{taken} taken, {peak} bytes");
    assert!(well(&server.client("ada")).await);
    drop((idle, deaf));
}

fn address(server: &Server) -> SocketAddr {
    let base: Url = server.base.parse().unwrap();
    base.socket_addrs(|| None).unwrap()[0]
}

async fn connected(address: SocketAddr, sockets: usize) -> Vec<TcpStream> {
    let mut all = Vec::new();
    for _ in 0..sockets {
        all.push(TcpStream::connect(address).await.unwrap());
    }
    all
}

/// Asks for a large object fifty times over and reads nothing.
async fn deaf(server: &Server) -> TcpStream {
    let client = server.client("deaf");
    let stored = client.upload(large(), "p.jpg", None).await;
    let link: Url = stored.data()["s3Url"].as_str().unwrap().parse().unwrap();
    let path = format!("{}?{}", link.path(), link.query().unwrap_or_default());
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let mut socket = TcpStream::connect(address(server)).await.unwrap();
    socket
        .write_all(request.repeat(50).as_bytes())
        .await
        .unwrap();
    socket
}

/// A page with nothing behind it for ten megabytes.
fn large() -> Vec<u8> {
    let mut page = page();
    page.resize(FILE_BYTES, 0);
    page
}

/// The status of the answer; 0 where a refused client went on sending and was cut off.
async fn slow_upload(address: SocketAddr) -> u16 {
    let head = "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"p.jpg\"\r\n\r\n";
    let body = [head.as_bytes(), &large(), b"\r\n--b--\r\n"].concat();
    let length = body.len();
    let head = format!(
        "POST /api/upload-and-analyze HTTP/1.1\r\nhost: localhost\r\n\
         content-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    for piece in body.chunks(PIECE) {
        if socket.write_all(piece).await.is_err() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let mut answer = Vec::new();
    let read = socket.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    match answer.split(' ').nth(1) {
        Some(status) => status.parse().unwrap(),
        None => read.map_or(0, |_| panic!("closed without an answer")),
    }
}

async fn well(client: &Client) -> bool {
    client
        .upload(page(), "p.jpg", None)
        .await
        .status
        .is_success()
}
