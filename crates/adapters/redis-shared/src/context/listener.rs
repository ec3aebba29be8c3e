//! Hearing what other processes tell.

use std::time::Duration;

use futures_util::StreamExt;
use kernel::{Fault, PortError, PortResult};
use redis::Value;
use redis::aio::{PubSub, PubSubSink};
use tokio::time::{sleep, timeout};

use super::RedisContext;
use crate::failure::failed;

/// A line on which nothing was heard for this long is asked whether it lives.
const PULSE: Duration = Duration::from_secs(5);
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
const HEAR: &str = "hear what other processes see";

/// Hears for one process, over a connection of its own.
#[must_use = "nobody hears while it does not listen"]
pub struct ContextListener {
    context: RedisContext,
    line: PubSub,
}

impl ContextListener {
    pub(super) const fn new(context: RedisContext, line: PubSub) -> Self {
        Self { context, line }
    }

    /// Hears until it is dropped. A lost connection is opened again, with waits that grow to two
    /// seconds.
    pub async fn listen(self) {
        let Self { context, mut line } = self;
        loop {
            let error = lost(&context, line).await;
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what other processes see is not heard for now"
            );
            line = again(&context).await;
            tracing::info!("what other processes see is heard again");
        }
    }
}

async fn again(context: &RedisContext) -> PubSub {
    let mut wait = FIRST_WAIT;
    loop {
        if let Ok(line) = context.redis.subscribe(&context.channel()).await {
            return line;
        }
        sleep(wait).await;
        wait = (2 * wait).min(LONGEST_WAIT);
    }
}

/// Hears until the line is lost; why it was.
async fn lost(context: &RedisContext, line: PubSub) -> PortError {
    let (mut asking, mut messages) = line.split();
    loop {
        match timeout(PULSE, messages.next()).await {
            Ok(Some(message)) => context.hear(message.get_payload_bytes()),
            Ok(None) => return PortError::bare(Fault::Unavailable, HEAR),
            Err(_silence) => {
                if let Err(error) = ping(&mut asking, context.redis.deadline()).await {
                    return error;
                }
            }
        }
    }
}

async fn ping(line: &mut PubSubSink, deadline: Duration) -> PortResult<()> {
    match timeout(deadline, line.ping::<Value>()).await {
        Ok(answered) => answered.map(drop).map_err(|error| failed(HEAR, error)),
        Err(late) => Err(PortError::new(Fault::Unavailable, HEAR, late)),
    }
}
