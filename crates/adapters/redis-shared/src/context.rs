//! What is seen on desks, told to the voice tutors of all processes.

mod listener;
mod message;

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult, SessionId, UserId};
use tokio::time::timeout;
use voice::{ContextEntry, ContextFeed, ContextHub, ContextPublisher, ContextSubscription};

use crate::Redis;
pub use listener::ContextListener;
use message::{Message, Sender};

/// A publisher waits no longer than this, whatever calls to Redis may take otherwise.
const TELL_WITHIN: Duration = Duration::from_millis(250);
const TELL: &str = "tell other processes what was seen";

/// Tells listeners of this process at once, and those of others over Redis. Cheap to clone.
///
/// Everything goes over one channel that every process hears: what is seen is a few kilobytes for
/// each analyzed image. Redis keeps nothing of it; what is told while a process cannot hear is told
/// to its own listeners alone, and the next picture mends it.
#[derive(Clone)]
pub struct RedisContext {
    redis: Redis,
    hub: ContextHub,
    sender: Sender,
}

impl RedisContext {
    /// Subscribes. What others tell is heard while the listener [listens](ContextListener::listen),
    /// which somebody has to see to; a process needs one.
    ///
    /// # Errors
    /// `Unavailable` when Redis does not answer or there is no randomness.
    pub async fn connect(redis: Redis) -> PortResult<(Self, ContextListener)> {
        let context = Self {
            sender: Sender::random()?,
            hub: ContextHub::default(),
            redis,
        };
        let line = context.redis.subscribe(&context.channel()).await?;
        Ok((context.clone(), ContextListener::new(context, line)))
    }

    fn channel(&self) -> String {
        self.redis.key("context")
    }

    /// What this process has said itself was told to its listeners before it was sent.
    fn hear(&self, payload: &[u8]) {
        match Message::parse(payload) {
            Ok(message) if message.sender == self.sender => {}
            Ok(message) => self.hub.tell(&message.entry),
            // A newer or older release may run beside this one.
            Err(error) => tracing::warn!(error = %error, "what another process saw is unreadable"),
        }
    }
}

#[async_trait]
impl ContextPublisher for RedisContext {
    /// Returns within 250 ms.
    async fn publish(&self, entry: ContextEntry) -> PortResult<()> {
        self.hub.tell(&entry);
        let message = Message {
            sender: self.sender.clone(),
            entry,
        };
        let payload = message.to_json();
        let payload = payload.map_err(|error| PortError::new(Fault::Refused, TELL, error))?;
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(self.channel()).arg(payload);
        let publish = &publish;
        let ask = |mut manager| async move { publish.query_async::<()>(&mut manager).await };
        let told = timeout(TELL_WITHIN, self.redis.ask(TELL, ask)).await;
        told.unwrap_or_else(|late| Err(PortError::new(Fault::Unavailable, TELL, late)))
    }
}

#[async_trait]
impl ContextFeed for RedisContext {
    async fn subscribe(
        &self,
        user: UserId,
        session: SessionId,
    ) -> PortResult<Box<dyn ContextSubscription>> {
        self.hub.subscribe(user, session).await
    }
}
