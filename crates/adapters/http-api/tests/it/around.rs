//! What happens around every request.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_api::{CorsOrigins, Identity, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{App, Setup, form, jpeg};

#[tokio::test]
async fn a_sane_request_id_is_taken_and_any_other_replaced() {
    let app = App::start().await;
    let client = app.client("ada");
    for (given, taken) in [
        ("abc-1", true),
        ("", false),
        ("a b", false),
        ("é", false),
        (&"x".repeat(129), false),
    ] {
        let request = client
            .request(Method::GET, "/api/v1/session/x")
            .header("x-request-id", given.as_bytes());
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        let id = answer.headers["x-request-id"].to_str().unwrap();
        assert_eq!(id == given, taken, "{given}");
        assert_eq!(answer.body["error"]["requestId"], id);
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_error_with_a_request_id() {
    let setup = Setup {
        metrics: Arc::new(|| panic!("boom")),
        ..Setup::default()
    };
    let answer = setup.start().await.client("ada").get("/metrics").await;
    assert_eq!(answer.error(), (500, "INTERNAL"));
    assert_eq!(
        answer.body["error"]["requestId"],
        answer.headers["x-request-id"].to_str().unwrap()
    );
    assert!(!answer.body.to_string().contains("boom"));
}

/// What a client is told that sends this body within these limits.
async fn sent(body: Body, limits: Limits) -> crate::harness::Answer {
    let setup = Setup {
        limits,
        ..Setup::default()
    };
    let client = setup.start().await.client("ada");
    let request = client
        .request(Method::POST, "/api/v1/bookmark")
        .header("content-type", "application/json")
        .header("expect", "100-continue");
    client.send(request.body(body).unwrap()).await
}

fn endless() -> Body {
    Body::from_stream(futures_util::stream::pending::<
        Result<bytes::Bytes, std::io::Error>,
    >())
}

#[tokio::test]
async fn a_body_that_never_ends_times_out() {
    let limits = Limits {
        request_timeout: Duration::from_millis(20),
        ..Limits::default()
    };
    let answer = sent(endless(), limits).await;
    assert_eq!(answer.error(), (408, "REQUEST_TIMEOUT"));
}

#[tokio::test]
async fn a_client_that_falls_silent_in_a_body_is_not_waited_for() {
    let limits = Limits {
        body_silence: Duration::from_millis(20),
        ..Limits::default()
    };
    let answer = sent(endless(), limits).await;
    assert_eq!(answer.error(), (408, "REQUEST_TIMEOUT"));
}

#[tokio::test]
async fn a_body_that_finds_no_room_is_refused_for_now() {
    let limits = Limits {
        bytes_in_flight: 1024,
        wait_for_room: Duration::from_millis(20),
        ..Limits::default()
    };
    let answer = sent(" ".repeat(2048).into(), limits).await;
    assert_eq!(answer.error(), (503, "OVERLOADED"));
    assert_eq!(answer.headers["retry-after"], "5");
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let app = App::start().await;
    for path in ["/health/live", "/nothing"] {
        let headers = app.client("ada").get(path).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("default-src 'none'")
        );
    }
}

#[tokio::test]
async fn long_json_is_compressed_for_those_who_take_it() {
    let app = App::start().await;
    let client = app.client("ada");
    let request = client
        .request(Method::GET, "/api-docs/openapi.json")
        .header("accept-encoding", "gzip");
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers["content-encoding"], "gzip");
    let plain = client.get("/api-docs/openapi.json").await;
    assert!(!plain.headers.contains_key("content-encoding"));
}

fn preflight(origin: &str) -> Request<Body> {
    Request::options("/api/v1/bookmark")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "idempotency-key")
        .body(Body::empty())
        .unwrap()
}

fn secured() -> Setup {
    Setup {
        identity: Identity::Secured,
        ..Setup::default()
    }
}

#[tokio::test]
async fn any_page_may_call_without_cookies_and_listed_ones_with() {
    let open = secured()
        .start()
        .await
        .client("ada")
        .send(preflight("https://a.example"))
        .await;
    assert_eq!(open.headers["access-control-allow-origin"], "*");
    assert!(
        !open
            .headers
            .contains_key("access-control-allow-credentials")
    );
    let setup = Setup {
        cors: CorsOrigins::List(vec!["https://a.example".to_owned()]),
        ..secured()
    };
    let client = setup.start().await.client("ada");
    let listed = client.send(preflight("https://a.example")).await;
    assert_eq!(
        listed.headers["access-control-allow-origin"],
        "https://a.example"
    );
    assert_eq!(listed.headers["access-control-allow-credentials"], "true");
    let other = client.send(preflight("https://b.example")).await;
    assert!(!other.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn head_answers_like_get_without_a_body_and_options_tells_the_methods() {
    let app = App::start().await;
    let client = app.client("ada");
    let head = client
        .request(Method::HEAD, "/health/live")
        .body(Body::empty())
        .unwrap();
    let head = client.send(head).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    let options = client
        .request(Method::OPTIONS, "/api/v1/bookmark")
        .body(Body::empty())
        .unwrap();
    let options = client.send(options).await;
    assert_eq!(options.status, StatusCode::NO_CONTENT);
    assert_eq!(options.headers["allow"], "POST,GET,HEAD");
}

/// Sends all of the request before it reads, as many clients do.
async fn exchange(app: &App, head: &str, body: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = app.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    server.abort();
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=XX\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_client_that_sends_far_too_much_still_reads_the_answer() {
    let app = App::start().await;
    let body = form(
        "XX",
        &[("image", Some("p.jpg"), &vec![0xff; 30 * 1024 * 1024])],
    );
    for (path, code) in [
        ("/api/v1/upload-and-analyze", "FILE_TOO_LARGE"),
        ("/nowhere", "NOT_FOUND"),
    ] {
        let answer = exchange(&app, &head(path, body.len()), &body).await;
        assert!(answer.contains(code), "{answer}");
    }
}

#[tokio::test]
async fn an_upload_over_a_real_connection_works() {
    let app = App::start().await;
    let body = form("XX", &[("image", Some("p.jpg"), &jpeg())]);
    let answer = exchange(&app, &head("/api/upload-and-analyze", body.len()), &body).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"topicEnum\":\"Bio\""),
        "{answer}"
    );
}
