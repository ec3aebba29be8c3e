//! What the proxy does to those who talk through it.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use testkit::proxy::{Proxy, Weather};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

const SOON: Duration = Duration::from_millis(200);

/// A server that sends back what it hears.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut heard, mut said) = stream.split();
                copy(&mut heard, &mut said).await.ok();
            });
        }
    });
    address
}

async fn talk(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(bytes).await?;
    let mut heard = vec![0; bytes.len()];
    stream.read_exact(&mut heard).await?;
    Ok(heard)
}

async fn connected() -> (Proxy, TcpStream) {
    let proxy = Proxy::start(echo().await).await;
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(talk(&mut stream, b"hello").await.unwrap(), b"hello");
    (proxy, stream)
}

#[tokio::test]
async fn connections_break_and_new_ones_are_refused_until_it_clears() {
    let (proxy, mut stream) = connected().await;
    proxy.set(Weather::Refuse);
    talk(&mut stream, b"x").await.unwrap_err();
    let refused = TcpStream::connect(proxy.address()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    proxy.set(Weather::Clear);
    let again = async {
        loop {
            if let Ok(stream) = TcpStream::connect(proxy.address()).await {
                return stream;
            }
            tokio::task::yield_now().await;
        }
    };
    let mut stream = timeout(Duration::from_secs(10), again).await.unwrap();
    talk(&mut stream, b"x").await.unwrap();
}

#[tokio::test]
async fn a_connection_is_reset_after_so_many_bytes() {
    let (proxy, mut stream) = connected().await;
    proxy.set(Weather::CutAfter(10));
    assert_eq!(
        talk(&mut stream, b"0123456789").await.unwrap(),
        b"0123456789"
    );
    let cut = talk(&mut stream, b"x").await.unwrap_err();
    assert!(
        [ErrorKind::ConnectionReset, ErrorKind::UnexpectedEof].contains(&cut.kind()),
        "{cut}"
    );
}

#[tokio::test]
async fn a_stalled_connection_stays_open_and_goes_on_afterwards() {
    let (proxy, mut stream) = connected().await;
    proxy.set(Weather::Stall);
    stream.write_all(b"x").await.unwrap();
    let mut heard = [0];
    let silent = timeout(SOON, stream.read_exact(&mut heard)).await;
    silent.unwrap_err();
    proxy.set(Weather::Clear);
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, *b"x");
}

#[tokio::test]
async fn a_trickle_and_a_delay_take_their_time_and_lose_nothing() {
    let (proxy, mut stream) = connected().await;
    for weather in [
        Weather::Trickle(2, Duration::from_millis(20)),
        Weather::Delay(Duration::from_millis(50)),
    ] {
        proxy.set(weather);
        let begun = Instant::now();
        assert_eq!(
            talk(&mut stream, b"0123456789").await.unwrap(),
            b"0123456789"
        );
        assert!(begun.elapsed() >= Duration::from_millis(100), "{weather:?}");
    }
}
