//! What `objects::ObjectStore` promises.
//!
//! An adapter's tests say how to get a [`Subject`] and run the whole suite on it with
//! [`object_store_contract!`](crate::object_store_contract).

mod links;
mod lists;
mod objects;

use std::any::Any;
use std::sync::Arc;
use std::time::SystemTime;

use ::objects::{ObjectKey, ObjectStore};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::Timestamp;
use reqwest::StatusCode;
use url::Url;

pub use links::*;
pub use lists::*;
pub use objects::*;

/// A store without objects, and a way to follow its links.
pub struct Subject {
    /// The store.
    pub store: Arc<dyn ObjectStore>,
    /// Follows links.
    pub opener: Box<dyn LinkOpener>,
    /// Kept for as long as the store is used: a folder, a server.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// Follows a link as somebody would who has nothing but the link.
#[async_trait]
pub trait LinkOpener: Send + Sync {
    /// What lies behind the link; `None` if it is refused or nothing is there.
    async fn open(&self, url: &Url) -> Option<Opened>;
}

/// What lies behind a link.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// The media type.
    pub content_type: String,
    /// The bytes.
    pub body: Bytes,
}

/// Follows links over HTTP.
#[derive(Debug, Default)]
pub struct HttpOpener(reqwest::Client);

#[async_trait]
impl LinkOpener for HttpOpener {
    async fn open(&self, url: &Url) -> Option<Opened> {
        let answer = self.0.get(url.clone()).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("no answer: {error}"));
        match answer.status() {
            StatusCode::OK => {}
            // An unknown way of signing is not implemented; any other 5xx would be a mishap.
            status if status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED => {
                return None;
            }
            status => panic!("{status}"),
        }
        let content_type = answer.headers().get(reqwest::header::CONTENT_TYPE)?;
        let content_type = content_type.to_str().ok()?.to_owned();
        let body = answer.bytes().await.ok()?;
        Some(Opened { content_type, body })
    }
}

/// The real time: S3 tells it by its own clock.
pub fn now() -> Timestamp {
    kernel::to_millis(SystemTime::now().into())
}

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap_or_else(|_| panic!("not a key: {text}"))
}

/// Bytes that look like nothing else and differ with the seed.
fn noise(size: usize, seed: u64) -> Bytes {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let byte = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..size).map(byte).collect()
}

/// Runs each promise as a test of its own on the subject that the given async function makes.
#[macro_export]
macro_rules! object_store_contract {
    ($subject:path) => {
        $crate::object_store_contract!($subject:
            what_is_put_is_read_back_with_its_media_type,
            a_missing_object_is_none_and_deleting_it_succeeds,
            putting_again_replaces_bytes_and_media_type,
            a_deleted_object_is_gone_and_can_be_put_again,
            an_empty_object_is_an_object,
            eleven_megabytes_come_back_as_they_were,
            a_part_is_read_without_the_rest,
            what_is_read_in_portions_is_stored_whole,
            a_source_that_cannot_be_read_leaves_what_was_there,
            of_many_puts_at_once_one_stays_whole,
            a_reader_beside_writers_sees_no_mixture,
            odd_but_legal_keys_are_kept_apart,
            a_list_holds_what_begins_with_the_prefix_and_nothing_else,
            a_list_goes_on_after_a_key_that_is_gone,
            more_than_a_page_is_listed_whole_and_once,
            a_check_passes_also_beside_others,
            a_link_opens_without_credentials,
            a_link_tells_when_it_ends,
            a_changed_link_opens_nothing,
            a_link_opens_only_its_own_object,
            an_expired_link_opens_nothing,
            a_link_to_a_missing_object_is_given_and_opens_nothing,
            a_link_for_more_than_seven_days_is_refused,
        );
    };
    ($subject:path: $($promise:ident,)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $promise() {
            $crate::contracts::object_store::$promise(&$subject().await).await;
        })+
    };
}
