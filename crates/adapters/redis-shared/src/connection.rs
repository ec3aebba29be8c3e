//! A connection that comes back by itself, with deadlines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use calls::Uptime;
use kernel::{Fault, PortError, PortResult};
use patience::{Breaker, BreakerRules};
use redis::aio::{ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::{Client, RedisError, RedisResult};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use crate::RedisSettings;
use crate::failure::failed;

/// Redis, over one connection that all clones use side by side.
#[derive(Clone)]
pub struct Redis {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    prefix: String,
    deadline: Duration,
    rest: Duration,
    uptime: Uptime,
    line: Mutex<Line>,
}

struct Line {
    manager: ConnectionManager,
    /// Opens with the first failure: so many calls a second would all wait.
    breaker: Breaker,
}

/// Why there is no connection at the start. Never tells the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is not one of Redis.
    #[error("not a URL of Redis")]
    Url(#[source] RedisError),
    /// Redis cannot be reached or refuses the credentials.
    #[error("redis cannot be reached")]
    Unreachable(#[source] RedisError),
    /// Redis does not answer.
    #[error("redis does not answer within {} s", .0.as_secs())]
    Silent(Duration),
}

impl Redis {
    /// Connects, and waits until Redis has answered once.
    pub async fn connect(settings: RedisSettings) -> Result<Self, ConnectError> {
        let client = Client::open(settings.url.expose_secret()).map_err(ConnectError::Url)?;
        let within = settings.connect_within;
        let manager = manager(&client, within).map_err(ConnectError::Url)?;
        match timeout(within, ping(manager)).await {
            Ok(answered) => answered.map_err(ConnectError::Unreachable)?,
            Err(_) => return Err(ConnectError::Silent(within)),
        }
        let manager = self::manager(&client, settings.deadline).map_err(ConnectError::Url)?;
        let breaker = Breaker::new(rules(&settings));
        let line = Line { manager, breaker };
        let shared = Shared {
            client,
            prefix: settings.prefix,
            deadline: settings.deadline,
            rest: settings.rest,
            uptime: Uptime::begin(),
            line: Mutex::new(line),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Whether Redis answers.
    pub async fn check(&self) -> PortResult<()> {
        self.ask("ping redis", ping).await
    }

    /// The key as it is called in Redis.
    pub(crate) fn key(&self, key: impl std::fmt::Display) -> String {
        format!("{}{key}", self.shared.prefix)
    }

    /// A connection of its own that hears what is published on this channel, opened within the
    /// deadline.
    pub(crate) async fn subscribe(&self, channel: &str) -> PortResult<PubSub> {
        const WHAT: &str = "subscribe in redis";
        let subscribed = async {
            let mut line = self.shared.client.get_async_pubsub().await?;
            line.subscribe(channel).await?;
            Ok(line)
        };
        let in_time = timeout(self.shared.deadline, subscribed).await;
        let answered = in_time.map_err(|late| PortError::new(Fault::Unavailable, WHAT, late))?;
        answered.map_err(|error| failed(WHAT, error))
    }

    /// How long a call may take.
    pub(crate) fn deadline(&self) -> Duration {
        self.shared.deadline
    }

    /// Asks within the deadline. A connection that was dropped while nobody used it is opened again
    /// and asked once more.
    pub(crate) async fn ask<T, F>(
        &self,
        what: &'static str,
        ask: impl Fn(ConnectionManager) -> F,
    ) -> PortResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let manager = self.manager(what)?;
        let twice = async {
            match ask(manager.clone()).await {
                Err(error) if error.is_connection_dropped() => ask(manager).await,
                answered => answered,
            }
        };
        match timeout(self.shared.deadline, twice).await {
            Ok(Err(error)) if error.is_io_error() => {
                self.rest();
                Err(failed(what, error))
            }
            Ok(answered) => {
                self.line().breaker.succeeded(self.shared.uptime.now());
                answered.map_err(|error| failed(what, error))
            }
            Err(elapsed) => {
                self.rest();
                Err(PortError::new(Fault::Unavailable, what, elapsed))
            }
        }
    }

    fn manager(&self, what: &'static str) -> PortResult<ConnectionManager> {
        let mut line = self.line();
        if line.breaker.admit(self.shared.uptime.now()) {
            return Ok(line.manager.clone());
        }
        Err(PortError::new(
            Fault::Unavailable,
            what,
            "redis could not be reached a moment ago",
        ))
    }

    /// Leaves Redis alone for a while, and gives a line up that may be dead without its end having
    /// been heard.
    fn rest(&self) {
        let mut line = self.line();
        let now = self.shared.uptime.now();
        line.breaker.failed(now, Some(self.shared.rest));
        match manager(&self.shared.client, self.shared.deadline) {
            Ok(fresh) => line.manager = fresh,
            // The old one connects again by itself, only later.
            Err(error) => tracing::warn!(error = %error, "no new connection to redis"),
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.shared
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One failure is enough, see [`Redis::rest`]; whoever tries it again has twice the time.
fn rules(settings: &RedisSettings) -> BreakerRules {
    BreakerRules {
        failures: usize::MAX,
        window: settings.rest,
        pause: settings.rest,
        longest_pause: settings.rest,
        trial: settings.deadline * 2,
    }
}

async fn ping(mut manager: ConnectionManager) -> RedisResult<()> {
    redis::cmd("PING").query_async(&mut manager).await
}

/// Connects with its first call. How long an answer may take is decided around it.
fn manager(client: &Client, connect_within: Duration) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(connect_within))
        .set_response_timeout(None);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}
