//! How a session is asked for, and what a refusal means.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use voice::model::{ErrorClass, ModelEvent, Retry};

use crate::given::{self, close_with, lost, next, say, session, session_with};

#[tokio::test]
#[expect(clippy::result_large_err, reason = "the callback's own type")]
async fn a_session_is_asked_for_with_model_key_and_pseudonym() {
    let listener = given::listener();
    let mut asked = None;
    let accept = async {
        let (tcp, _) = listener.accept().await.unwrap();
        let look = |request: &Request, response: Response| {
            asked = Some(request.clone());
            Ok(response)
        };
        tokio_tungstenite::accept_hdr_async(tcp, look)
            .await
            .unwrap()
    };
    let (link, _peer) = tokio::join!(given::connect(given::settings(&listener)), accept);
    assert!(link.is_ok());
    let asked = asked.unwrap();
    let header = |name| {
        asked
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap())
    };
    assert_eq!(asked.uri(), "/v1/realtime?model=sim-realtime");
    assert_eq!(header("authorization"), Some("Bearer sk-very-secret"));
    assert_eq!(header("openai-safety-identifier"), Some(given::STUDENT));
    assert_eq!(header("openai-beta"), None);
    assert_eq!(header("sec-websocket-extensions"), None);
}

#[tokio::test]
async fn a_key_refused_after_the_upgrade_is_final_and_not_repeated() {
    let (mut link, mut peer) = session().await;
    let error = r#"{"type":"error","error":{"type":"invalid_request_error",
        "code":"invalid_api_key","message":"Incorrect API key: sk-very-secret"}}"#;
    say(&mut peer, error).await;
    close_with(&mut peer, 3000, "invalid_request_error.invalid_api_key").await;
    let Ok(ModelEvent::Error(error)) = next(&mut *link).await else {
        panic!("no error");
    };
    assert_eq!(
        (error.code.as_str(), error.class),
        ("invalid_api_key", ErrorClass::Fatal)
    );
    assert!(!error.message.contains("secret"), "{}", error.message);
    let lost = lost(&mut *link).await;
    assert_eq!(lost.retry, Retry::WillNotHelp);
    assert_eq!(
        lost.message,
        "closed with 3000: invalid_request_error.invalid_api_key"
    );
}

#[tokio::test]
async fn codes_known_to_pass_are_worth_another_session_and_all_others_are_not() {
    for code in [1000, 1001, 1011, 1012, 1013] {
        assert_eq!(closed_with(code).await, Retry::MayHelp, "{code}");
    }
    for code in [1002, 1007, 1008, 3000, 4000, 4004, 4999] {
        assert_eq!(closed_with(code).await, Retry::WillNotHelp, "{code}");
    }
}

async fn closed_with(code: u16) -> Retry {
    let (mut link, mut peer) = session().await;
    close_with(&mut peer, code, "why").await;
    lost(&mut *link).await.retry
}

#[tokio::test]
async fn what_the_error_said_counts_more_than_how_the_socket_closed() {
    let told = |code| async move {
        let (mut link, mut peer) = session().await;
        say(
            &mut peer,
            &format!(r#"{{"type":"error","error":{{"code":"{code}"}}}}"#),
        )
        .await;
        close_with(&mut peer, 4000, "").await;
        lost(&mut *link).await.retry
    };
    assert_eq!(told("rate_limit_exceeded").await, Retry::MayHelp);
    assert_eq!(told("session_expired").await, Retry::MayHelp);
    assert_eq!(told("insufficient_quota").await, Retry::WillNotHelp);
    assert_eq!(told("something_new").await, Retry::WillNotHelp);
}

#[tokio::test]
async fn a_fatal_error_is_final_even_when_the_socket_just_breaks() {
    let (mut link, mut peer) = session().await;
    say(
        &mut peer,
        r#"{"type":"error","error":{"code":"model_not_found"}}"#,
    )
    .await;
    drop(peer);
    assert_eq!(lost(&mut *link).await.retry, Retry::WillNotHelp);
}

#[tokio::test]
async fn a_gateway_that_answers_instead_of_upgrading_is_believed() {
    for status in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "502 Bad Gateway",
        "503 Busy",
    ] {
        assert_eq!(answered(status).await, Retry::MayHelp, "{status}");
    }
    for status in [
        "200 OK",
        "301 Moved Permanently",
        "401 Unauthorized",
        "404 Not Found",
    ] {
        assert_eq!(answered(status).await, Retry::WillNotHelp, "{status}");
    }
}

async fn answered(status: &str) -> Retry {
    let listener = given::listener();
    let answer = async {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert_ne!(tcp.read(&mut request).await.unwrap(), 0);
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        tcp.write_all(answer.as_bytes()).await.unwrap();
        tcp
    };
    let (link, _tcp) = tokio::join!(given::connect(given::settings(&listener)), answer);
    link.err().unwrap().retry
}

#[tokio::test]
async fn who_does_not_upgrade_in_time_is_given_up() {
    let listener = given::listener();
    let mut settings = given::settings(&listener);
    settings.connect_timeout = Duration::from_millis(50);
    let error = given::connect(settings).await.err().unwrap();
    assert_eq!(error.retry, Retry::MayHelp);
    assert!(error.message.contains("in time"), "{error}");
}

#[tokio::test]
async fn nobody_there_is_worth_another_attempt() {
    let listener = given::listener();
    let settings = given::settings(&listener);
    drop(listener);
    let error = given::connect(settings).await.err().unwrap();
    assert_eq!(error.retry, Retry::MayHelp);
}

#[tokio::test]
async fn a_model_that_upgrades_and_opens_no_session_is_given_up() {
    let (mut link, _peer) =
        session_with(|settings| settings.connect_timeout = Duration::from_secs(30)).await;
    // Nothing happens any more, so the clock runs on to whatever is due.
    tokio::time::pause();
    let lost = lost(&mut *link).await;
    assert_eq!(lost.retry, Retry::MayHelp);
    assert!(lost.message.contains("open a session in time"), "{lost}");
}

#[tokio::test]
async fn the_end_of_the_session_is_known_from_its_beginning() {
    let (mut link, mut peer) = session().await;
    say(
        &mut peer,
        r#"{"type":"session.created","session":{"expires_at":1800000000}}"#,
    )
    .await;
    let Ok(ModelEvent::SessionCreated { expires_at }) = next(&mut *link).await else {
        panic!("no session");
    };
    assert_eq!(expires_at.unwrap().timestamp(), 1_800_000_000);
}
