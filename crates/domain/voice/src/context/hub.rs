//! The feed inside one process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use kernel::{PortResult, SessionId, UserId};

use crate::context::{ContextEntry, ContextFeed, ContextPublisher, ContextSubscription};

/// As many as the window holds: older ones would not be told anyway.
const HELD: usize = 5;

/// Tells the conversations of this process what was seen. Cheap to clone.
#[derive(Clone, Default)]
pub struct ContextHub {
    listeners: Arc<Mutex<HashMap<SessionId, Vec<Weak<Slot>>>>>,
}

#[derive(Default)]
struct Slot(Mutex<Held>);

#[derive(Default)]
struct Held {
    entries: VecDeque<ContextEntry>,
    waker: Option<Waker>,
}

struct Listening {
    slot: Arc<Slot>,
    user: UserId,
}

#[async_trait]
impl ContextPublisher for ContextHub {
    async fn publish(&self, entry: ContextEntry) -> PortResult<()> {
        self.tell(&entry);
        Ok(())
    }
}

#[async_trait]
impl ContextFeed for ContextHub {
    async fn subscribe(
        &self,
        user: UserId,
        session: SessionId,
    ) -> PortResult<Box<dyn ContextSubscription>> {
        let slot = Arc::new(Slot::default());
        let mut listeners = lock(&self.listeners);
        listeners.retain(|_, slots| slots.iter().any(|slot| slot.strong_count() > 0));
        listeners
            .entry(session)
            .or_default()
            .push(Arc::downgrade(&slot));
        Ok(Box::new(Listening { slot, user }))
    }
}

impl ContextHub {
    /// Tells those who listen in this process.
    pub fn tell(&self, entry: &ContextEntry) {
        let mut listeners = lock(&self.listeners);
        let Some(slots) = listeners.get_mut(&entry.session) else {
            return;
        };
        slots.retain(|slot| slot.upgrade().map(|slot| slot.push(entry)).is_some());
        if slots.is_empty() {
            listeners.remove(&entry.session);
        }
    }
}

impl Slot {
    fn push(&self, entry: &ContextEntry) {
        let mut held = lock(&self.0);
        if held.entries.len() == HELD {
            held.entries.pop_front();
        }
        held.entries.push_back(entry.clone());
        if let Some(waker) = held.waker.take() {
            waker.wake();
        }
    }
}

impl ContextSubscription for Listening {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<ContextEntry> {
        let mut held = lock(&self.slot.0);
        while let Some(entry) = held.entries.pop_front() {
            // Session ids are unique; this is the second lock on the same door.
            if entry.user == self.user {
                return Poll::Ready(entry);
            }
        }
        held.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use kernel::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn entry(session: u128, event: u128) -> ContextEntry {
        ContextEntry {
            user: UserId::from_name("ada"),
            session: Uuid::from_u128(session).into(),
            event: Uuid::from_u128(event).into(),
            topic: "Bio".to_owned(),
            subtopic: None,
            text: String::new(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn heard(listening: &mut dyn ContextSubscription) -> Vec<ContextEntry> {
        let mut context = Context::from_waker(Waker::noop());
        std::iter::from_fn(|| match listening.poll_next(&mut context) {
            Poll::Ready(entry) => Some(entry),
            Poll::Pending => None,
        })
        .collect()
    }

    #[test]
    fn a_listener_hears_its_session_alone_and_the_newest_five() {
        let hub = ContextHub::default();
        let user = UserId::from_name("ada");
        let subscribed = hub.subscribe(user, Uuid::from_u128(1).into());
        let mut listening = subscribed.now_or_never().unwrap().unwrap();
        (1..=7).for_each(|event| hub.tell(&entry(1, event)));
        hub.tell(&entry(2, 9));
        let expected: Vec<_> = (3..=7).map(|event| entry(1, event)).collect();
        assert_eq!(heard(listening.as_mut()), expected);
    }

    #[test]
    fn nothing_is_kept_for_those_who_left() {
        let hub = ContextHub::default();
        let subscribed = hub.subscribe(UserId::from_name("ada"), Uuid::from_u128(1).into());
        drop(subscribed.now_or_never().unwrap().unwrap());
        hub.tell(&entry(1, 1));
        assert!(lock(&hub.listeners).is_empty());
    }
}
