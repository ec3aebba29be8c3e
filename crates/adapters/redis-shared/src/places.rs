//! How many may talk at a time, counted in Redis.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{PortResult, Tasks, UserId, VoiceSessionId};
use redis::{Script, ScriptInvocation};
use tokio::sync::oneshot;
use tokio::time::timeout;
use voice::{InProcessPlaces, Place, Places, Refused};

use crate::Redis;

const TAKE: &str = include_str!("places/take.lua");
const RENEW: &str = include_str!("places/renew.lua");
const GIVE_BACK: &str = include_str!("places/give_back.lua");
/// A place whose process died is free again after this.
const LEASE: Duration = Duration::from_mins(1);

/// Counts the conversations of all processes that share a Redis: each place is a lease that its
/// process renews. While Redis is away each process counts its own.
#[derive(Clone)]
pub struct RedisPlaces {
    redis: Redis,
    own: InProcessPlaces,
    tasks: Arc<dyn Tasks>,
    scripts: Arc<Scripts>,
    lease: Duration,
}

struct Scripts {
    take: Script,
    renew: Script,
    give_back: Script,
}

/// One conversation's place.
#[derive(Clone, Copy)]
struct Taken {
    user: UserId,
    id: VoiceSessionId,
}

impl RedisPlaces {
    /// Counts over this connection. One of `tasks` lives as long as each place and renews it.
    pub fn new(redis: Redis, tasks: Arc<dyn Tasks>) -> Self {
        Self::with_lease(redis, tasks, LEASE)
    }

    /// The same, where a place whose process died is free again after `lease`.
    pub fn with_lease(redis: Redis, tasks: Arc<dyn Tasks>, lease: Duration) -> Self {
        let scripts = Scripts {
            take: Script::new(TAKE),
            renew: Script::new(RENEW),
            give_back: Script::new(GIVE_BACK),
        };
        Self {
            redis,
            own: InProcessPlaces::default(),
            tasks,
            scripts: Arc::new(scripts),
            lease,
        }
    }

    async fn ask(
        &self,
        taken: Taken,
        (per_user, in_all): (u32, u32),
    ) -> PortResult<Option<Refused>> {
        let mut script = self.on(&self.scripts.take, taken);
        script.arg(per_user).arg(in_all);
        let script = &script;
        let ask = |mut manager| async move { script.invoke_async(&mut manager).await };
        let answer: i64 = self.redis.ask("take a place in redis", ask).await?;
        Ok(match answer {
            0 => None,
            1 => Some(Refused::User),
            _ => Some(Refused::Server),
        })
    }

    /// The script on the keys of this place, with the place and its lease as first arguments.
    fn on<'a>(&self, script: &'a Script, taken: Taken) -> ScriptInvocation<'a> {
        let mut invocation = script.prepare_invoke();
        invocation
            .key(self.redis.key("places"))
            .key(self.redis.key(format_args!("places:{}", taken.user)))
            .arg(taken.id.to_string())
            .arg(u64::try_from(self.lease.as_millis()).unwrap_or(u64::MAX));
        invocation
    }

    /// Renews the lease until the place is dropped.
    async fn keep(self, taken: Taken, mut dropped: oneshot::Receiver<()>) {
        while timeout(self.lease / 3, &mut dropped).await.is_err() {
            self.tell("renew a place in redis", &self.scripts.renew, taken)
                .await;
        }
        self.tell("give back a place in redis", &self.scripts.give_back, taken)
            .await;
    }

    /// A lease that could not be renewed or given back ends by itself.
    async fn tell(&self, what: &'static str, script: &Script, taken: Taken) {
        let script = &self.on(script, taken);
        let ask = |mut manager| async move { script.invoke_async::<()>(&mut manager).await };
        if let Err(error) = self.redis.ask(what, ask).await {
            tracing::warn!(voice_session_id = %taken.id,
                error = &error as &dyn std::error::Error, "places of conversations are not exact");
        }
    }
}

#[async_trait]
impl Places for RedisPlaces {
    async fn take(
        &self,
        user: UserId,
        id: VoiceSessionId,
        per_user: u32,
        in_all: u32,
    ) -> PortResult<Result<Place, Refused>> {
        let own = match self.own.take(user, id, per_user, in_all).await? {
            Ok(own) => own,
            refused => return Ok(refused),
        };
        let taken = Taken { user, id };
        match self.ask(taken, (per_user, in_all)).await {
            Ok(None) => {}
            Ok(Some(refused)) => return Ok(Err(refused)),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "conversations of other processes are not counted"
                );
                return Ok(Ok(own));
            }
        }
        let (drop_it, dropped) = oneshot::channel();
        let keeping = self.clone().keep(taken, dropped);
        self.tasks.spawn("keep a place", Box::pin(keeping));
        Ok(Ok(Place::new(move || drop((own, drop_it)))))
    }
}
