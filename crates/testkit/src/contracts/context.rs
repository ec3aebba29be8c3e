//! What `voice::ContextPublisher` and `voice::ContextFeed` promise together.
#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use std::any::Any;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use kernel::{PortResult, SessionId, Timestamp, UserId};
use tokio::time::timeout;
use uuid::Uuid;
use voice::{ContextEntry, ContextFeed, ContextPublisher, ContextSubscription};

/// Patient, so that a busy machine does not look like a listener that hears nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// What nobody listens to yet.
pub struct Subject {
    /// Where conversations listen.
    pub feed: Arc<dyn ContextFeed>,
    /// Publishes beside them.
    pub publisher: Arc<dyn ContextPublisher>,
    /// Publishes from somewhere else, such as another process.
    pub elsewhere: Arc<dyn ContextPublisher>,
    /// Kept for as long as the feed is used.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// Of what is published here and elsewhere, each entry is heard once.
pub async fn everybody_who_listens_hears_each_entry_once(subject: &Subject) {
    let mut first = listening(subject, "ada", 1).await;
    let mut second = listening(subject, "ada", 1).await;
    ok(subject.publisher.publish(entry("ada", 1, 10)).await);
    ok(subject.elsewhere.publish(entry("ada", 1, 11)).await);
    for listening in [&mut first, &mut second] {
        assert_eq!(
            heard(listening, 2).await,
            [entry("ada", 1, 10), entry("ada", 1, 11)]
        );
    }
    // What is said elsewhere comes after anything said here before: nothing came twice.
    ok(subject.publisher.publish(entry("ada", 1, 12)).await);
    ok(subject.elsewhere.publish(entry("ada", 1, 13)).await);
    for listening in [&mut first, &mut second] {
        assert_eq!(
            heard(listening, 2).await,
            [entry("ada", 1, 12), entry("ada", 1, 13)]
        );
    }
}

/// A listener beside the publisher need not wait for anything.
pub async fn who_listens_beside_the_publisher_has_heard_when_it_returns(subject: &Subject) {
    let mut listening = listening(subject, "ada", 1).await;
    ok(subject.publisher.publish(entry("ada", 1, 10)).await);
    let mut context = Context::from_waker(Waker::noop());
    let heard = listening.poll_next(&mut context);
    assert_eq!(heard, Poll::Ready(entry("ada", 1, 10)));
}

/// Other sessions and other users are not heard.
pub async fn nobody_hears_another_session_or_another_user(subject: &Subject) {
    let mut of_ada = listening(subject, "ada", 1).await;
    let mut of_bob = listening(subject, "bob", 1).await;
    for publisher in [&subject.publisher, &subject.elsewhere] {
        ok(publisher.publish(entry("ada", 2, 10)).await);
        ok(publisher.publish(entry("ada", 1, 11)).await);
        ok(publisher.publish(entry("bob", 1, 12)).await);
    }
    let expected = entry("ada", 1, 11);
    assert_eq!(heard(&mut of_ada, 2).await, [expected.clone(), expected]);
    let expected = entry("bob", 1, 12);
    assert_eq!(heard(&mut of_bob, 2).await, [expected.clone(), expected]);
}

/// Who listens slowly hears the newest five.
pub async fn a_slow_listener_hears_the_newest_five(subject: &Subject) {
    let mut slow = listening(subject, "ada", 1).await;
    let mut watcher = listening(subject, "ada", 2).await;
    for event in 0..9 {
        ok(subject.elsewhere.publish(entry("ada", 1, event)).await);
    }
    ok(subject.elsewhere.publish(entry("ada", 2, 9)).await);
    // All that was said before has come.
    heard(&mut watcher, 1).await;
    let expected: Vec<_> = (4..9).map(|event| entry("ada", 1, event)).collect();
    assert_eq!(heard(&mut slow, 5).await, expected);
}

/// What was published before does not come.
pub async fn a_listener_hears_what_is_published_from_then_on(subject: &Subject) {
    let mut early = listening(subject, "ada", 1).await;
    ok(subject.elsewhere.publish(entry("ada", 1, 10)).await);
    heard(&mut early, 1).await;
    drop(early);
    let mut late = listening(subject, "ada", 1).await;
    ok(subject.elsewhere.publish(entry("ada", 1, 11)).await);
    assert_eq!(heard(&mut late, 1).await, [entry("ada", 1, 11)]);
}

/// An entry of this user's session that tells itself apart by its event.
pub fn entry(user: &str, session: u128, event: u128) -> ContextEntry {
    ContextEntry {
        user: UserId::from_name(user),
        session: session_of(session),
        event: Uuid::from_u128(event).into(),
        topic: "Bio".to_owned(),
        subtopic: Some("Photosynthesis".to_owned()),
        text: "6 CO₂ + 6 H₂O\n광합성 \"…\"".to_owned(),
        at: Timestamp::UNIX_EPOCH,
    }
}

/// Somebody who listens to this user's session.
pub async fn listening(
    subject: &Subject,
    user: &str,
    session: u128,
) -> Box<dyn ContextSubscription> {
    let user = UserId::from_name(user);
    ok(subject.feed.subscribe(user, session_of(session)).await)
}

/// The next entries.
pub async fn heard(
    listening: &mut Box<dyn ContextSubscription>,
    count: usize,
) -> Vec<ContextEntry> {
    let mut entries = Vec::new();
    while entries.len() < count {
        let next = poll_fn(|context| listening.poll_next(context));
        let next = timeout(PATIENCE, next).await;
        entries.push(next.unwrap_or_else(|_| panic!("only heard {entries:?}")));
    }
    entries
}

fn session_of(number: u128) -> SessionId {
    Uuid::from_u128(number).into()
}

#[track_caller]
fn ok<T>(result: PortResult<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs each promise as a test of its own on the subject that the given async function makes.
#[macro_export]
macro_rules! context_contract {
    ($subject:path) => {
        $crate::context_contract!($subject:
            everybody_who_listens_hears_each_entry_once,
            who_listens_beside_the_publisher_has_heard_when_it_returns,
            nobody_hears_another_session_or_another_user,
            a_slow_listener_hears_the_newest_five,
            a_listener_hears_what_is_published_from_then_on,
        );
    };
    ($subject:path: $($promise:ident,)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $promise() {
            $crate::contracts::context::$promise(&$subject().await).await;
        })+
    };
}
