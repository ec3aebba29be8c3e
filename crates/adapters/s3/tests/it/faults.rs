//! When the other side is away or says no.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use kernel::{Fault, PortError};
use objects::ObjectStore;
use s3::{AccessKeys, S3Settings, S3Store};
use testkit::s3_server::S3Server;
use tokio::net::TcpListener;

use crate::given::{key, settings, store};

/// The error and all its causes, as a log shows them.
fn chain(error: &PortError) -> String {
    let mut next: Option<&dyn Error> = Some(error);
    let mut texts = Vec::new();
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts.join(": ")
}

async fn faults_of(store: &S3Store) -> Vec<PortError> {
    let key = key("a.jpg");
    vec![
        store
            .put(&key, "image/jpeg", Bytes::from_static(b"a"))
            .await
            .unwrap_err(),
        store.get(&key).await.unwrap_err(),
        store.head(&key).await.unwrap_err(),
        store.delete(&key).await.unwrap_err(),
        store.check().await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_stopped_server_is_unavailable_and_is_used_again_once_it_is_back() {
    let mut server = S3Server::start();
    let store = store(&server).await;
    let body = Bytes::from_static(b"kept");
    store
        .put(&key("a.jpg"), "image/jpeg", body.clone())
        .await
        .unwrap();
    server.stop();
    for error in faults_of(&store).await {
        assert_eq!(error.fault(), Fault::Unavailable, "{}", chain(&error));
    }
    server.restart();
    let found = loop {
        // It is left alone for a moment.
        match store.get(&key("a.jpg")).await {
            Err(error) => assert_eq!(error.fault(), Fault::Unavailable, "{}", chain(&error)),
            Ok(found) => break found,
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(found, Some(body));
}

#[tokio::test]
async fn a_server_that_never_answers_is_unavailable_at_the_deadline() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let store = S3Store::connect(S3Settings {
        endpoint_url: Some(format!("http://{address}").parse().unwrap()),
        deadline: Duration::from_millis(200),
        ..settings(&S3Server::start())
    });
    for error in faults_of(&store.await.unwrap()).await {
        assert_eq!(error.fault(), Fault::Unavailable, "{}", chain(&error));
    }
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_left_alone_but_links_to_it_are_signed() {
    let mut server = S3Server::start();
    let store = store(&server).await;
    server.stop();
    faults_of(&store).await;
    let refused = store.get(&key("a.jpg")).await.unwrap_err();
    assert!(
        chain(&refused).contains("left alone"),
        "{}",
        chain(&refused)
    );
    let now = std::time::SystemTime::now().into();
    let key = key("a.jpg");
    let link = store.link(&key, now, Duration::from_mins(1));
    link.await.unwrap();
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_the_message_says_so() {
    let server = S3Server::start();
    let wrong = AccessKeys {
        id: S3Server::ACCESS_KEY_ID.to_owned(),
        secret: "not it".into(),
        session_token: None,
    };
    let store = S3Store::connect(S3Settings {
        keys: Some(wrong),
        ..settings(&server)
    });
    let store = store.await.unwrap();
    for error in faults_of(&store).await {
        assert_eq!(error.fault(), Fault::Refused, "{}", chain(&error));
    }
    let message = chain(&store.check().await.unwrap_err());
    assert!(
        message.contains("SignatureDoesNotMatch: check the access key"),
        "{message}"
    );
}

#[tokio::test]
async fn a_missing_bucket_is_refused_and_the_message_says_so() {
    let server = S3Server::start();
    let store = S3Store::connect(S3Settings {
        bucket: "no-such-bucket".to_owned(),
        ..settings(&server)
    });
    let store = store.await.unwrap();
    let written = store
        .put(&key("a"), "image/png", Bytes::new())
        .await
        .unwrap_err();
    let read = store.get(&key("a")).await.unwrap_err();
    let checked = store.check().await.unwrap_err();
    for error in [written, read, checked] {
        assert_eq!(error.fault(), Fault::Refused);
        let message = chain(&error);
        let expected = "bucket no-such-bucket answered 404 NoSuchBucket: create the bucket";
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_secret_is_not_shown() {
    let server = S3Server::start();
    let shown = format!("{:?} {:?}", settings(&server), store(&server).await);
    assert!(!shown.contains(S3Server::SECRET_ACCESS_KEY), "{shown}");
}

#[tokio::test]
async fn a_bucket_without_a_name_is_refused() {
    let nameless = S3Store::connect(S3Settings::new("")).await;
    assert_eq!(nameless.unwrap_err().fault(), Fault::Refused);
}
