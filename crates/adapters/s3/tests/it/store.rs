//! The contract of object stores, and prefixes.

use std::sync::Arc;

use bytes::Bytes;
use objects::ObjectStore;
use s3::{S3Settings, S3Store};
use testkit::contracts::object_store::{HttpOpener, Subject};
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
