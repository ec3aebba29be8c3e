//! The contract of object stores, and prefixes.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult};
use objects::{ObjectSource, ObjectStore};
use s3::{S3Settings, S3Store};
use testkit::contracts::object_store::{HttpOpener, LinkOpener, Subject, now};
use testkit::s3_server::S3Server;

use crate::given::{key, settings, store};

mod contract {
    use super::{Subject, subject};

    async fn bucket() -> Subject {
        subject().await
    }

    testkit::object_store_contract!(bucket);
}

async fn subject() -> Subject {
    let server = S3Server::start();
    Subject {
        store: Arc::new(store(&server).await),
        opener: Box::<HttpOpener>::default(),
        guard: Box::new(server),
    }
}

async fn with_prefix(server: &S3Server, prefix: &str) -> S3Store {
    let settings = S3Settings {
        prefix: prefix.to_owned(),
        ..settings(server)
    };
    S3Store::connect(settings).await.unwrap()
}

#[tokio::test]
async fn every_object_lies_below_the_prefix() {
    let server = S3Server::start();
    for (prefix, path) in [("", "a/b.jpg"), ("/x/y/", "x/y/a/b.jpg")] {
        let store = with_prefix(&server, prefix).await;
        let body = Bytes::from_static(b"here");
        store
            .put(&key("a/b.jpg"), "image/jpeg", body.clone())
            .await
            .unwrap();
        let file = std::fs::read(server.bucket_folder().join(path)).unwrap();
        assert_eq!(file, body);
    }
}

#[tokio::test]
async fn stores_with_different_prefixes_do_not_see_each_other() {
    let server = S3Server::start();
    let (one, two) = (
        with_prefix(&server, "one").await,
        with_prefix(&server, "two").await,
    );
    one.put(&key("a"), "image/png", Bytes::from_static(b"1"))
        .await
        .unwrap();
    assert_eq!(two.get(&key("a")).await.unwrap(), None);
    two.delete(&key("a")).await.unwrap();
    assert!(one.head(&key("a")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_check_leaves_nothing_behind() {
    let server = S3Server::start();
    with_prefix(&server, "").await.check().await.unwrap();
    assert_eq!(
        std::fs::read_dir(server.bucket_folder()).unwrap().count(),
        0
    );
}

/// Breaks off in its second part.
struct Broken;

#[async_trait]
impl ObjectSource for Broken {
    fn size(&self) -> u64 {
        20_000_000
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        let gone = PortError::bare(Fault::Corrupt, "read a broken source");
        if at > 0 {
            Err(gone)
        } else {
            Ok(vec![7; length].into())
        }
    }
}

#[tokio::test]
async fn an_upload_in_parts_that_breaks_off_leaves_no_part_behind() {
    let server = S3Server::start();
    let store = with_prefix(&server, "").await;
    let (key, source) = (key("a.wav"), Arc::new(Broken));
    let failed = store.put_from(&key, "audio/wav", source).await;
    assert_eq!(failed.unwrap_err().fault(), Fault::Corrupt);
    let root = server.bucket_folder().parent().unwrap().to_owned();
    let files = [root, server.bucket_folder()].map(|folder| {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries.filter(|entry| entry.path().is_file()).count()
    });
    assert_eq!(files, [0, 0]);
}

#[tokio::test]
async fn links_are_signed_for_the_public_address_and_calls_go_to_the_other() {
    let server = S3Server::start();
    let server_address = server.endpoint().socket_addrs(|| None).unwrap()[0];
    let door = testkit::proxy::Proxy::start(server_address).await;
    let public: url::Url = format!("http://{}", door.address()).parse().unwrap();
    let store = S3Store::connect(S3Settings {
        public_endpoint_url: Some(public.clone()),
        ..settings(&server)
    });
    let store = store.await.unwrap();
    let (key, body) = (key("a/b.txt"), Bytes::from_static(b"here"));
    store.put(&key, "text/plain", body.clone()).await.unwrap();
    let hour = std::time::Duration::from_hours(1);
    let link = store.link(&key, now(), hour).await.unwrap();
    assert_eq!(link.url.port(), public.port());
    let opened = HttpOpener::default().open(&link.url).await;
    assert_eq!(opened.unwrap().body, body);
    assert_eq!(store.get(&key).await.unwrap().unwrap(), body);
}
