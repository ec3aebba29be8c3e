//! Finding objects by the beginning of their keys.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::future::try_join_all;
use kernel::UserId;
use objects::{KeyPrefix, Listed, ObjectKey, ObjectStore};

use super::{Subject, key, noise};

fn ada() -> UserId {
    UserId::from_name("ada")
}

fn of(user: UserId, rest: &str) -> ObjectKey {
    key(&format!("uploads/{user}/{rest}"))
}

async fn put(store: &dyn ObjectStore, key: &ObjectKey, size: usize) {
    store.put(key, "image/jpeg", noise(size, 1)).await.unwrap();
}

async fn page(subject: &Subject, after: Option<&ObjectKey>) -> Vec<Listed> {
    let prefix = KeyPrefix::uploads_of(ada());
    subject.store.list(&prefix, after).await.unwrap()
}

/// Sizes are those of the objects; another user's, and keys that only look alike, are not in it.
pub async fn a_list_holds_what_begins_with_the_prefix_and_nothing_else(subject: &Subject) {
    assert_eq!(page(subject, None).await, []);
    let ours = [
        "2026/03/01/a.jpg",
        "2026/03/01/a.view.jpg",
        "b",
        "c-d_e/F.0",
    ];
    for (size, rest) in (1..).zip(ours) {
        put(&*subject.store, &of(ada(), rest), size).await;
    }
    let others = [
        of(UserId::from_name("bob"), "x.jpg"),
        key("uploads/x.jpg"),
        key("y.jpg"),
    ];
    for other in &others {
        put(&*subject.store, other, 9).await;
    }
    let mut listed = page(subject, None).await;
    listed.sort_by_key(|listed| listed.size);
    let expected = (1..).zip(ours).map(|(size, rest)| Listed {
        key: of(ada(), rest),
        size,
    });
    assert_eq!(listed, expected.collect::<Vec<_>>());
}

/// So that what is listed can be deleted page by page.
pub async fn a_list_goes_on_after_a_key_that_is_gone(subject: &Subject) {
    for rest in ["a.b", "a-b/c", "a/b", "a/b.c", "a/c", "a0"] {
        put(&*subject.store, &of(ada(), rest), 1).await;
    }
    let mut left = page(subject, None).await;
    assert_eq!(left.len(), 6);
    while !left.is_empty() {
        let first = left.remove(0).key;
        subject.store.delete(&first).await.unwrap();
        assert_eq!(page(subject, Some(&first)).await, left);
    }
}

/// A page holds at most a thousand.
pub async fn more_than_a_page_is_listed_whole_and_once(subject: &Subject) {
    let keys: Vec<_> = (0..1003)
        .map(|n| of(ada(), &format!("{}/{n}.jpg", n % 7)))
        .collect();
    for keys in keys.chunks(50) {
        let puts = keys
            .iter()
            .map(|key| subject.store.put(key, "image/jpeg", Bytes::new()));
        try_join_all(puts).await.unwrap();
    }
    let (mut seen, mut after) = (BTreeSet::new(), None);
    loop {
        let page = page(subject, after.as_ref()).await;
        assert!(page.len() <= 1000);
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        for listed in page {
            assert!(seen.insert(listed.key), "listed twice");
        }
    }
    assert_eq!(seen, keys.into_iter().collect());
}
