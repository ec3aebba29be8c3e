//! One page.

use std::time::Duration;

use kernel::Fault;
use probe::Probe;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

/// A server that says this to whoever asks.
async fn saying(answer: &'static str) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    format!("http://{address}/?secret=1").parse().unwrap()
}

fn probe() -> Probe {
    Probe::new(Duration::from_secs(10)).unwrap()
}

#[tokio::test]
async fn the_other_sides_time_is_read_whatever_the_status() {
    let url = saying(
        "HTTP/1.1 403 Forbidden\r\nDate: Sat, 21 Nov 2026 10:00:05 GMT\r\n\
         Content-Length: 2\r\nConnection: close\r\n\r\nno",
    )
    .await;
    let page = probe().get(&url).await.unwrap();
    assert_eq!((page.status, page.body.as_ref()), (403, &b"no"[..]));
    assert_eq!(page.date.unwrap().to_rfc3339(), "2026-11-21T10:00:05+00:00");
}

#[tokio::test]
async fn who_does_not_answer_is_unavailable_and_the_address_is_not_told() {
    let url = saying("no http at all\r\n\r\n").await;
    let broken = probe().get(&url).await.unwrap_err();
    assert_eq!(broken.fault(), Fault::Unavailable);
    assert!(!format!("{broken:?}").contains("secret"), "{broken:?}");
}
