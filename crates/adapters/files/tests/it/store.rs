//! The folder store keeps the contract of object stores, and what only a folder can break.

use std::os::unix::fs::symlink;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use files::{FolderStore, LinkSigner};
use kernel::Fault;
use objects::{KeyPrefix, Listed, ObjectKey, ObjectStore};
use tempfile::TempDir;
use testkit::contracts::object_store::{LinkOpener, Opened, Subject, now};
use url::Url;

fn signer() -> LinkSigner {
    let base = Url::parse("https://study.example/app/").unwrap();
    LinkSigner::try_new(&vec![7; 32].into(), base).unwrap()
}

fn open(folder: &TempDir) -> FolderStore {
    FolderStore::open(folder.path(), signer()).unwrap()
}

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

mod contract {
    async fn folder() -> super::Subject {
        super::subject()
    }

    testkit::object_store_contract!(folder);
}

fn subject() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    Subject {
        store: Arc::new(store.clone()),
        opener: Box::new(Door(store)),
        guard: Box::new(folder),
    }
}

/// Does what the server does behind a link's path.
struct Door(FolderStore);

#[async_trait]
impl LinkOpener for Door {
    async fn open(&self, url: &Url) -> Option<Opened> {
        let key = url
            .as_str()
            .strip_prefix("https://study.example/app/api/v1/objects/")?;
        let key: ObjectKey = key.split('?').next()?.parse().ok()?;
        let value = |wanted: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(name, value)| (name == wanted).then_some(value))
        };
        let verdict = signer().verify(&key, &value("expires")?, &value("signature")?, now());
        verdict.ok()?;
        let (meta, body) = self.0.read(&key).await.unwrap()?;
        let content_type = meta.content_type;
        Some(Opened { content_type, body })
    }
}

#[tokio::test]
async fn objects_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let body = Bytes::from_static(b"kept");
    open(&folder)
        .put(&key("a/b.jpg"), "image/jpeg", body.clone())
        .await
        .unwrap();
    assert_eq!(
        open(&folder).get(&key("a/b.jpg")).await.unwrap(),
        Some(body)
    );
}

#[tokio::test]
async fn a_key_that_begins_another_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let long = "x".repeat(512);
    let keys = [
        "a",
        "a/b",
        "a/b/c",
        &long,
        &long[..200],
        &long[..201],
        &long[..400],
    ]
    .map(key);
    for key in &keys {
        let body = Bytes::from(key.to_string());
        store.put(key, "text/plain", body).await.unwrap();
    }
    for key in &keys {
        let body = Bytes::from(key.to_string());
        assert_eq!(store.get(key).await.unwrap(), Some(body));
    }
}

#[tokio::test]
async fn a_link_out_of_the_folder_is_not_followed() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(&folder);
    store
        .put(&key("in/a"), "text/plain", Bytes::from_static(b"secret"))
        .await
        .unwrap();
    let moved = outside.path().join("in");
    std::fs::rename(folder.path().join("in"), &moved).unwrap();
    symlink(&moved, folder.path().join("in")).unwrap();
    let reread = store.get(&key("in/a")).await.unwrap_err();
    let rewritten = store
        .put(&key("in/b"), "text/plain", Bytes::new())
        .await
        .unwrap_err();
    let removed = store.delete(&key("in/a")).await.unwrap_err();
    for error in [reread, rewritten, removed] {
        assert_eq!(error.fault(), Fault::Refused);
    }
    assert_eq!(std::fs::read_dir(&moved).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_cut_short_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store
        .put(&key("a"), "text/plain", Bytes::from_static(b"whole"))
        .await
        .unwrap();
    let path = folder.path().join("@a");
    let whole = std::fs::read(&path).unwrap();
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(
            store.get(&key("a")).await.unwrap_err().fault(),
            Fault::Corrupt
        );
        assert_eq!(
            store.head(&key("a")).await.unwrap_err().fault(),
            Fault::Corrupt
        );
    }
}

#[tokio::test]
async fn leftovers_of_a_crash_are_deleted_and_nothing_is_left_by_work() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder));
    std::fs::write(folder.path().join(".tmp/0"), "half").unwrap();
    let store = open(&folder);
    store
        .put(&key("a"), "text/plain", Bytes::new())
        .await
        .unwrap();
    store.delete(&key("a")).await.unwrap();
    store.check().await.unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(
        std::fs::read_dir(folder.path().join(".tmp"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_folder_taken_away_while_running_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store
        .put(&key("a/b"), "text/plain", Bytes::new())
        .await
        .unwrap();
    std::fs::remove_dir_all(folder.path().join("a")).unwrap();
    store
        .put(&key("a/b"), "text/plain", Bytes::new())
        .await
        .unwrap();
    assert_eq!(store.get(&key("a/b")).await.unwrap(), Some(Bytes::new()));
}

#[tokio::test]
async fn segments_longer_than_names_are_listed_under_the_keys_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let user = kernel::UserId::from_name("ada");
    let long = format!("uploads/{user}/{}/{}.jpg", "d".repeat(201), "n".repeat(205));
    let key = key(&long);
    store.put(&key, "image/jpeg", Bytes::new()).await.unwrap();
    let listed = store
        .list(&KeyPrefix::uploads_of(user), None)
        .await
        .unwrap();
    assert_eq!(listed, [Listed { key, size: 0 }]);
}

#[tokio::test]
async fn a_folder_goes_with_its_last_object() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    for name in ["a/b/1.jpg", "a/b/2.jpg", "a/c/d/3.jpg"] {
        store
            .put(&key(name), "image/jpeg", Bytes::new())
            .await
            .unwrap();
    }
    for name in ["a/b/1.jpg", "a/c/d/3.jpg"] {
        store.delete(&key(name)).await.unwrap();
    }
    let left = |path: &str| folder.path().join(path).exists();
    assert!(left("a/b") && !left("a/c"));
    store.delete(&key("a/b/2.jpg")).await.unwrap();
    assert!(!left("a"));
}
