//! Images in the body and behind links.

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use vision::{ImageInput, View};

use crate::support::{House, page};

/// Serves the page's bytes under `/page.jpg`, 403 elsewhere.
async fn store(image: &ImageInput) -> Url {
    let View::Jpeg { bytes, .. } = image.view.clone() else {
        panic!("{image:?}");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            hand_out(stream, &bytes).await;
        }
    });
    format!("http://{address}/page.jpg").parse().unwrap()
}

async fn hand_out(mut stream: TcpStream, bytes: &Bytes) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).await.unwrap();
    let found = request[..length].starts_with(b"GET /page.jpg ");
    let (status, body) = if found {
        ("200 OK", &bytes[..])
    } else {
        ("403 Forbidden", &b""[..])
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
}

#[tokio::test]
async fn bytes_arrive_as_they_are() {
    let (house, image) = (House::new().await, page());
    house.look(&image).await.unwrap();
    let View::Jpeg { bytes, .. } = &image.view else {
        panic!("{image:?}");
    };
    assert_eq!(
        house.simulator.requests()[0].image().as_deref(),
        Some(&bytes[..])
    );
}

#[tokio::test]
async fn a_link_is_opened_by_the_provider() {
    let (house, mut image) = (House::new().await, page());
    image.link = Some(store(&image).await);
    house.look(&image).await.unwrap();
    let url = house.simulator.requests()[0].image_url();
    assert_eq!(url, image.link.map(String::from));
}

#[tokio::test]
async fn when_the_provider_cannot_open_the_link_the_bytes_follow() {
    let (house, mut image) = (House::new().await, page());
    let link = store(&image).await;
    image.link = Some(link.join("/expired.jpg").unwrap());
    house.look(&image).await.unwrap();
    assert_eq!(house.simulator.request_count(), 2);
    assert!(house.simulator.requests()[1].image().is_some());
}

#[tokio::test]
async fn bytes_that_are_no_image_are_refused() {
    let (house, mut image) = (House::new().await, page());
    image.view = View::Jpeg {
        bytes: "no image".into(),
        width: 1,
        height: 1,
    };
    let error = house.look(&image).await.unwrap_err().to_string();
    assert!(
        error.contains("refused the image (INVALID_ARGUMENT)"),
        "{error}"
    );
    assert_eq!(house.simulator.request_count(), 1);
}
