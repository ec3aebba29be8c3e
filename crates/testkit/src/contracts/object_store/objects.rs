//! Putting, getting, looking and deleting.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::{join_all, try_join_all};
use kernel::{Fault, PortError, PortResult};
use objects::{ObjectMeta, ObjectSource};

use super::{Subject, key, noise};

const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";
const WAV: &str = "audio/wav";

fn meta(size: u64, content_type: &str) -> ObjectMeta {
    let content_type = content_type.to_owned();
    ObjectMeta { size, content_type }
}

/// Bytes, size and media type are those that were given.
pub async fn what_is_put_is_read_back_with_its_media_type(subject: &Subject) {
    let store = &subject.store;
    for (name, content_type, size) in [("a.jpg", JPEG, 70_000), ("a.png", PNG, 3)] {
        let (key, body) = (key(name), noise(size, 1));
        store.put(&key, content_type, body.clone()).await.unwrap();
        assert_eq!(store.get(&key).await.unwrap(), Some(body));
        let described = store.head(&key).await.unwrap();
        assert_eq!(described, Some(meta(size as u64, content_type)));
    }
}

/// Absence is no error.
pub async fn a_missing_object_is_none_and_deleting_it_succeeds(subject: &Subject) {
    let (store, key) = (&subject.store, key("uploads/nobody/nothing.jpg"));
    assert_eq!(store.get(&key).await.unwrap(), None);
    assert_eq!(store.head(&key).await.unwrap(), None);
    store.delete(&key).await.unwrap();
}

/// Nothing of the old version is left, even if it was longer.
pub async fn putting_again_replaces_bytes_and_media_type(subject: &Subject) {
    let (store, key) = (&subject.store, key("uploads/a/b.img"));
    store.put(&key, JPEG, noise(5000, 1)).await.unwrap();
    store.put(&key, PNG, noise(50, 2)).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), Some(noise(50, 2)));
    assert_eq!(store.head(&key).await.unwrap(), Some(meta(50, PNG)));
}

/// Deleting forgets for good, and forbids nothing.
pub async fn a_deleted_object_is_gone_and_can_be_put_again(subject: &Subject) {
    let (store, key) = (&subject.store, key("uploads/a/b.jpg"));
    store.put(&key, JPEG, noise(10, 1)).await.unwrap();
    store.delete(&key).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), None);
    assert_eq!(store.head(&key).await.unwrap(), None);
    store.put(&key, JPEG, noise(10, 2)).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), Some(noise(10, 2)));
}

/// No bytes are not nothing.
pub async fn an_empty_object_is_an_object(subject: &Subject) {
    let (store, key) = (&subject.store, key("empty"));
    store.put(&key, PNG, Bytes::new()).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), Some(Bytes::new()));
    assert_eq!(store.head(&key).await.unwrap(), Some(meta(0, PNG)));
}

/// More than the largest image that is taken.
pub async fn eleven_megabytes_come_back_as_they_were(subject: &Subject) {
    let (store, key, body) = (&subject.store, key("large.png"), noise(11_000_000, 3));
    store.put(&key, PNG, body.clone()).await.unwrap();
    assert_eq!(store.head(&key).await.unwrap(), Some(meta(11_000_000, PNG)));
    assert!(store.get(&key).await.unwrap() == Some(body), "bytes differ");
}

/// As much as there is, from any place on.
pub async fn a_part_is_read_without_the_rest(subject: &Subject) {
    let (store, key, body) = (&subject.store, key("a.wav"), noise(1000, 8));
    assert_eq!(store.get_part(&key, 0, 10).await.unwrap(), None);
    store.put(&key, WAV, body.clone()).await.unwrap();
    for (at, length, expected) in [
        (0, 1000, 0..1000),
        (0, 1, 0..1),
        (10, 90, 10..100),
        (990, 5000, 990..1000),
        (999, 1, 999..1000),
        (1000, 1, 1000..1000),
        (7000, 10, 1000..1000),
        (5, 0, 5..5),
    ] {
        let part = store.get_part(&key, at, length).await.unwrap();
        assert_eq!(part, Some(body.slice(expected)), "{at}, {length}");
    }
}

/// Whatever the size: nothing, less than a portion, and several of every store's.
pub async fn what_is_read_in_portions_is_stored_whole(subject: &Subject) {
    let (store, key) = (&subject.store, key("voice/a/input.wav"));
    for size in [20_000_003, 0, 7, 8 * 1024 * 1024, 3_000_000] {
        let body = noise(size, 4);
        let source = Arc::new(Portions(body.clone(), u64::MAX));
        store.put_from(&key, WAV, source).await.unwrap();
        assert_eq!(
            store.head(&key).await.unwrap(),
            Some(meta(size as u64, WAV))
        );
        assert!(store.get(&key).await.unwrap() == Some(body), "bytes differ");
    }
}

/// A source that breaks off in the middle changes nothing.
pub async fn a_source_that_cannot_be_read_leaves_what_was_there(subject: &Subject) {
    let (store, key) = (&subject.store, key("voice/a/output.wav"));
    let broken = Arc::new(Portions(noise(20_000_000, 5), 10_000_000));
    for before in [None, Some(noise(30, 6))] {
        if let Some(body) = &before {
            store.put(&key, WAV, body.clone()).await.unwrap();
        }
        let failed = store.put_from(&key, WAV, broken.clone()).await;
        assert_eq!(failed.unwrap_err().fault(), Fault::Corrupt);
        assert_eq!(store.get(&key).await.unwrap(), before);
    }
}

/// Bytes that can be read up to a place.
struct Portions(Bytes, u64);

#[async_trait]
impl ObjectSource for Portions {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        let begin = usize::try_from(at).unwrap();
        let portion = self.0.slice(begin..begin + length);
        if at + length as u64 > self.1 {
            return Err(PortError::bare(Fault::Corrupt, "read a broken source"));
        }
        Ok(portion)
    }
}

/// The last one wins, whichever it is.
pub async fn of_many_puts_at_once_one_stays_whole(subject: &Subject) {
    let (store, key) = (&subject.store, key("uploads/raced.jpg"));
    let versions: Vec<Bytes> = (0..16).map(version).collect();
    let puts = versions
        .iter()
        .map(|body| store.put(&key, JPEG, body.clone()));
    try_join_all(puts).await.unwrap();
    let left = store.get(&key).await.unwrap().unwrap();
    assert!(versions.contains(&left), "a mixture");
    let size = left.len() as u64;
    assert_eq!(store.head(&key).await.unwrap(), Some(meta(size, JPEG)));
}

/// Reads that run beside writes see one version or another.
pub async fn a_reader_beside_writers_sees_no_mixture(subject: &Subject) {
    let key = key("uploads/raced.jpg");
    subject.store.put(&key, JPEG, version(0)).await.unwrap();
    let turns = (0..24).map(|turn| {
        let (store, key) = (Arc::clone(&subject.store), key.clone());
        tokio::spawn(async move {
            store.put(&key, JPEG, version(turn % 4)).await.unwrap();
            store.get(&key).await.unwrap().unwrap()
        })
    });
    let versions: HashSet<Bytes> = (0..4).map(version).collect();
    for seen in join_all(turns).await {
        assert!(versions.contains(&seen.unwrap()), "a mixture");
    }
}

/// Each version has a length of its own.
fn version(number: u64) -> Bytes {
    noise(40_000 + usize::try_from(number).unwrap() * 1000, number)
}

/// Dots, lines, capitals, digits and depth make different keys.
pub async fn odd_but_legal_keys_are_kept_apart(subject: &Subject) {
    let store = &subject.store;
    let deep = "d/".repeat(40) + "e";
    let texts = [
        "A",
        "b",
        "b.",
        "a..b",
        "-",
        "_",
        "--",
        "a-/_b.c",
        "UP/down.JPG",
        "up/down.jpg",
        "0/1/2.tar.gz",
        "x._-_.y",
        &deep,
    ];
    let keys: Vec<_> = texts.iter().map(|text| key(text)).collect();
    for (number, key) in keys.iter().enumerate() {
        store
            .put(key, JPEG, noise(30, number as u64))
            .await
            .unwrap();
    }
    for (number, key) in keys.iter().enumerate() {
        let body = store.get(key).await.unwrap();
        assert_eq!(body, Some(noise(30, number as u64)), "{key}");
    }
}

/// Readiness may be asked by several at a time.
pub async fn a_check_passes_also_beside_others(subject: &Subject) {
    let checks = (0..4).map(|_| subject.store.check());
    try_join_all(checks).await.unwrap();
}
