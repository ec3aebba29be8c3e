//! Links that open one object.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use std::time::Duration;

use kernel::{Fault, Timestamp};
use objects::Link;
use url::Url;

use super::{Opened, Subject, key, noise, now};

const HOUR: Duration = Duration::from_hours(1);

async fn link(subject: &Subject, name: &str, at: Timestamp) -> Link {
    subject.store.link(&key(name), at, HOUR).await.unwrap()
}

async fn put(subject: &Subject, name: &str) {
    let body = noise(2000, name.len() as u64);
    subject
        .store
        .put(&key(name), "image/png", body)
        .await
        .unwrap();
}

/// The link alone gives the bytes and their media type.
pub async fn a_link_opens_without_credentials(subject: &Subject) {
    put(subject, "uploads/ada/a.png").await;
    let link = link(subject, "uploads/ada/a.png", now()).await;
    let opened = subject.opener.open(&link.url).await.unwrap();
    let expected = Opened {
        content_type: "image/png".to_owned(),
        body: noise(2000, 17),
    };
    assert!(
        opened == expected,
        "{}, {} bytes",
        opened.content_type,
        opened.body.len()
    );
}

/// To the second: a link carries no more.
pub async fn a_link_tells_when_it_ends(subject: &Subject) {
    let at = now();
    let link = link(subject, "a.png", at).await;
    assert_eq!(link.expires_at.timestamp(), at.timestamp() + 3600);
    assert_eq!(link.expires_at.timestamp_subsec_nanos(), 0);
}

/// Whatever is changed in the query, the signature no longer fits.
pub async fn a_changed_link_opens_nothing(subject: &Subject) {
    put(subject, "a.png").await;
    let link = link(subject, "a.png", now()).await;
    let names = link.url.query_pairs().map(|(name, _)| name.into_owned());
    let names: Vec<String> = names.collect();
    assert!(!names.is_empty());
    for name in names {
        for changed in [changed(&link.url, &name), without(&link.url, &name)] {
            let opened = subject.opener.open(&changed).await;
            assert!(
                opened.is_none(),
                "opened without the right {name}: {changed}"
            );
        }
    }
}

fn changed(url: &Url, parameter: &str) -> Url {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut changed = url.clone();
    let new = pairs.into_iter().map(|(name, value)| {
        let value = if name == parameter {
            other(&value)
        } else {
            value
        };
        (name, value)
    });
    changed.query_pairs_mut().clear().extend_pairs(new);
    changed
}

/// The same text with another last character, of the same kind.
fn other(value: &str) -> String {
    let mut value = value.to_owned();
    let last = match value.pop() {
        Some('1') => '2',
        Some(digit) if digit.is_ascii_digit() => '1',
        Some('a') => 'b',
        _ => 'a',
    };
    value.push(last);
    value
}

fn without(url: &Url, parameter: &str) -> Url {
    let pairs = url.query_pairs().into_owned();
    let left: Vec<(String, String)> = pairs.filter(|(name, _)| name != parameter).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(left);
    changed
}

/// A link cannot be turned towards another object.
pub async fn a_link_opens_only_its_own_object(subject: &Subject) {
    put(subject, "uploads/ada/a.png").await;
    put(subject, "uploads/bob/a.png").await;
    let mut url = link(subject, "uploads/ada/a.png", now()).await.url;
    let path = url.path().replace("/ada/", "/bob/");
    assert_ne!(path, url.path());
    url.set_path(&path);
    assert!(subject.opener.open(&url).await.is_none());
}

/// An hour's link made two hours ago.
pub async fn an_expired_link_opens_nothing(subject: &Subject) {
    put(subject, "a.png").await;
    let then = now() - 2 * HOUR;
    let link = link(subject, "a.png", then).await;
    assert!(subject.opener.open(&link.url).await.is_none());
}

/// Making a link asks nobody.
pub async fn a_link_to_a_missing_object_is_given_and_opens_nothing(subject: &Subject) {
    let link = link(subject, "missing.png", now()).await;
    assert!(subject.opener.open(&link.url).await.is_none());
}

/// Seven days are the most.
pub async fn a_link_for_more_than_seven_days_is_refused(subject: &Subject) {
    let week = 7 * 24 * HOUR;
    let most = subject.store.link(&key("a.png"), now(), week).await;
    most.unwrap();
    let more = subject
        .store
        .link(&key("a.png"), now(), week + Duration::from_secs(1))
        .await;
    assert_eq!(more.unwrap_err().fault(), Fault::Refused);
}
