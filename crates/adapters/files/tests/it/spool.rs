//! Images that wait are neither lost nor changed.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use files::{Bounds, FolderSpool};
use futures_util::future::join_all;
use kernel::{Fault, UserId};
use privacy::{Leftovers, Whose};
use tempfile::TempDir;
use vision::{PendingObject, Spool};

use crate::given::{HOUR, key, make_old, names};

const ROOMY: u64 = 10_000_000;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &TempDir) -> FolderSpool {
    FolderSpool::open(folder.path(), ROOMY).unwrap()
}

fn image(name: &str) -> PendingObject {
    PendingObject {
        key: key(name),
        content_type: "image/png".to_owned(),
    }
}

async fn keep(spool: &FolderSpool, name: &str, body: &'static [u8]) {
    spool
        .keep(&image(name), Bytes::from_static(body))
        .await
        .unwrap();
}

/// The only image's file.
fn file_in(folder: &TempDir) -> PathBuf {
    let names = names(folder.path());
    let name = names.iter().find(|name| name.ends_with(".object"));
    folder.path().join(name.unwrap())
}

#[tokio::test]
async fn images_wait_in_the_order_they_came_also_after_reopening() {
    let folder = folder();
    let spool = open(&folder);
    for name in ["c", "a"] {
        keep(&spool, name, b"image").await;
    }
    let spool = open(&folder);
    keep(&spool, "b", b"image").await;
    assert_eq!(spool.waiting(9).await.unwrap(), ["c", "a", "b"].map(image));
    assert_eq!(
        open(&folder).waiting(2).await.unwrap(),
        ["c", "a"].map(image)
    );
}

#[tokio::test]
async fn an_image_is_read_back_as_it_was_also_an_empty_one() {
    let (folder, long) = (folder(), "x".repeat(512));
    keep(&open(&folder), "a", b"\0\xff bytes").await;
    keep(&open(&folder), &long, b"").await;
    let spool = open(&folder);
    let read = spool.read(&key("a")).await.unwrap();
    assert_eq!(read, Some(Bytes::from_static(b"\0\xff bytes")));
    assert_eq!(spool.read(&key(&long)).await.unwrap(), Some(Bytes::new()));
    assert_eq!(spool.read(&key("b")).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_key_again_replaces_the_image() {
    let folder = folder();
    let spool = open(&folder);
    keep(&spool, "a", b"a longer image").await;
    keep(&spool, "a", b"image").await;
    let read = spool.read(&key("a")).await.unwrap();
    assert_eq!(read, Some(Bytes::from_static(b"image")));
    assert_eq!(open(&folder).waiting(9).await.unwrap(), [image("a")]);
}

#[tokio::test]
async fn a_removed_image_is_gone_and_removing_it_again_succeeds() {
    let folder = folder();
    let spool = open(&folder);
    keep(&spool, "a", b"image").await;
    for _ in 0..2 {
        spool.remove(&key("a")).await.unwrap();
    }
    assert_eq!(spool.read(&key("a")).await.unwrap(), None);
    assert!(open(&folder).waiting(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_full_spool_says_so_until_something_is_removed() {
    let folder = folder();
    let spool = FolderSpool::open(folder.path(), 1000).unwrap();
    let body = Bytes::from(vec![1; 800]);
    spool.keep(&image("a"), body.clone()).await.unwrap();
    let full = spool.keep(&image("b"), body.clone()).await.unwrap_err();
    assert_eq!(full.fault(), Fault::Full);
    spool.remove(&key("a")).await.unwrap();
    spool.keep(&image("b"), body).await.unwrap();
    assert_eq!(spool.waiting(9).await.unwrap(), [image("b")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn images_kept_at_once_never_exceed_the_bound() {
    let folder = folder();
    let spool = FolderSpool::open(folder.path(), 10_000).unwrap();
    let keeps = (0..40).map(|number| {
        let spool = spool.clone();
        let body = Bytes::from(vec![1; 900]);
        // Every key twice, so that replacements race too.
        tokio::spawn(async move { spool.keep(&image(&format!("i{}", number / 2)), body).await })
    });
    let outcomes = join_all(keeps).await;
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Ok(Ok(())))));
    let images = names(folder.path())
        .into_iter()
        .filter(|name| name.ends_with(".object"));
    let sizes = images.map(|name| fs::metadata(folder.path().join(name)).unwrap().len());
    let total: u64 = sizes.sum();
    assert!(total <= 10_000, "{total}");
    for image in spool.waiting(99).await.unwrap() {
        spool.remove(&image.key).await.unwrap();
    }
    let all = Bytes::from(vec![1; 9_800]);
    spool.keep(&image("whole"), all).await.unwrap();
}

#[tokio::test]
async fn an_image_torn_while_it_waits_is_reported_once_and_holds_up_nobody() {
    let folder = folder();
    let spool = open(&folder);
    keep(&spool, "a", b"image").await;
    let file = file_in(&folder);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    keep(&spool, "b", b"image").await;
    let torn = spool.read(&key("a")).await.unwrap_err();
    assert_eq!(torn.fault(), Fault::Corrupt);
    assert_eq!(spool.read(&key("a")).await.unwrap(), None);
    assert_eq!(spool.waiting(9).await.unwrap(), [image("b")]);
    assert_eq!(names(&folder.path().join("rejected")).len(), 1);
}

#[tokio::test]
async fn a_torn_image_found_at_the_start_is_moved_aside() {
    let folder = folder();
    keep(&open(&folder), "a", b"image").await;
    let file = file_in(&folder);
    fs::write(&file, b"image and half a lab").unwrap();
    assert!(open(&folder).waiting(9).await.unwrap().is_empty());
    assert_eq!(names(&folder.path().join("rejected")).len(), 1);
}

#[tokio::test]
async fn all_images_of_a_user_go_also_those_set_aside() {
    let folder = folder();
    let spool = open(&folder);
    let (ada, bob) = (UserId::from_name("ada"), UserId::from_name("bob"));
    for (user, name) in [(ada, "a"), (ada, "b"), (bob, "c")] {
        keep(&spool, &format!("uploads/{user}/{name}"), b"image").await;
    }
    fs::write(folder.path().join("rejected/x"), format!("torn {ada}")).unwrap();
    let whose = Whose {
        user: ada,
        email: None,
    };
    let removed = spool.sweep(&whose).await.unwrap();
    assert_eq!(removed.count, 3);
    let left = spool.waiting(10).await.unwrap();
    assert_eq!(left, [image(&format!("uploads/{bob}/c"))]);
    assert_eq!(names(&folder.path().join("rejected")), [""; 0]);
}

#[tokio::test]
async fn there_is_room_for_what_fits_while_no_image_is_too_old() {
    let folder = folder();
    let bounds = Bounds {
        bytes: 10_000,
        age: HOUR,
    };
    let spool = FolderSpool::open(folder.path(), bounds).unwrap();
    assert!(spool.has_room(5000).await.unwrap());
    assert!(!spool.has_room(10_000).await.unwrap());
    keep(&spool, "a", b"image").await;
    let since = make_old(&file_in(&folder), HOUR);
    let spool = FolderSpool::open(folder.path(), bounds).unwrap();
    assert_eq!(spool.oldest().await.unwrap(), Some(since));
    assert!(!spool.has_room(1).await.unwrap());
    keep(&spool, "b", b"image").await;
    spool.remove(&key("a")).await.unwrap();
    assert!(spool.has_room(1).await.unwrap());
}

#[tokio::test]
async fn an_image_set_aside_waits_no_more_but_is_kept() {
    let folder = folder();
    let spool = open(&folder);
    keep(&spool, "a", b"image").await;
    for _ in 0..2 {
        spool.set_aside(&key("a")).await.unwrap();
    }
    assert!(spool.waiting(9).await.unwrap().is_empty());
    assert_eq!(names(&folder.path().join("rejected")).len(), 1);
}
