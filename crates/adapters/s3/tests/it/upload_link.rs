//! Links behind which clients put objects, with a client that is not ours.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use kernel::Timestamp;
use objects::{ObjectStore, Promise, Sha256Digest, UploadLink, UploadLinks};
use testkit::contracts::object_store::now;
use testkit::presigned::{PutBehind, put_behind};
use testkit::s3_server::S3Server;

use crate::given::{key, store};

const QUARTER: Duration = Duration::from_mins(15);

fn promise(body: &[u8]) -> Promise {
    Promise {
        content_type: "image/jpeg".to_owned(),
        size: body.len() as u64,
        sha256: Some(Sha256Digest::of(body)),
    }
}

async fn link(server: &S3Server, at: Timestamp) -> UploadLink {
    let store = store(server).await;
    let (key, promise) = (key("a/b.jpg"), promise(b"a page"));
    let link = store.upload_link(&key, &promise, at, QUARTER).await;
    link.unwrap()
}

/// Off the runtime, which the server does not need.
async fn put(link: UploadLink) -> BTreeMap<String, u16> {
    let put = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"a page").unwrap();
        let headers: BTreeMap<_, _> = link.headers.into_iter().collect();
        put_behind(PutBehind {
            url: link.url.as_str(),
            headers: &serde_json::json!(headers),
            file: file.path(),
            only_wrong: false,
        })
    });
    put.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_promised_is_taken_and_once() {
    let server = S3Server::start();
    let told = put(link(&server, now()).await).await;
    for wrong in [
        "too short",
        "too long",
        "another type",
        "another checksum",
        "again",
    ] {
        assert!((400..500).contains(&told[wrong]), "{wrong}: {told:?}");
    }
    assert_eq!(told["right"], 200, "{told:?}");
    let stored = store(&server).await.get(&key("a/b.jpg")).await.unwrap();
    assert_eq!(stored, Some(Bytes::from_static(b"a page")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_upload_is_refused() {
    let server = S3Server::start();
    let told = put(link(&server, now() - 2 * QUARTER).await).await;
    assert!(told.values().all(|status| *status == 403), "{told:?}");
    assert_eq!(
        store(&server).await.head(&key("a/b.jpg")).await.unwrap(),
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_tells_its_key_and_is_made_again_the_same() {
    let server = S3Server::start();
    let (store, at) = (store(&server).await, now());
    let (first, again) = (link(&server, at).await, link(&server, at).await);
    assert_eq!(first.url, again.url);
    assert_eq!(store.key_in(&first.url), Some(key("a/b.jpg")));
    let elsewhere = "http://other.example/a/b.jpg".parse().unwrap();
    assert_eq!(store.key_in(&elsewhere), None);
}
