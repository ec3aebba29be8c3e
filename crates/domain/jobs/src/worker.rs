//! Carries out jobs.

mod attempt;

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{BoxFuture, Either, Shared, select};
use futures_util::{FutureExt, StreamExt};
use kernel::{Clock, PortResult, Tasks, Timer};
use uuid::Uuid;

use crate::handler::Handlers;
use crate::ports::{Ask, Bell, Claimed, JobQueue, Lease};
use attempt::Attempt;

/// Ready when the worker is to stop.
pub type Stop = Shared<BoxFuture<'static, ()>>;

/// What a [`Worker`] works with.
#[derive(Clone)]
pub struct WorkerPorts {
    /// Gives jobs.
    pub queue: Arc<dyn JobQueue>,
    /// What it can do.
    pub handlers: Handlers,
    /// Tells that there is something to do.
    pub bell: Arc<dyn Bell>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
    /// Runs the attempts.
    pub tasks: Arc<dyn Tasks>,
}

/// How a worker works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerRules {
    /// How many jobs it works on at a time.
    pub at_once: u16,
    /// How long a lease runs; it is renewed three times in that time.
    pub lease: Duration,
    /// How often it looks by itself.
    pub look_every: Duration,
    /// How long running jobs may go on once it is to stop.
    pub grace: Duration,
}

impl Default for WorkerRules {
    /// Four at a time, leases of 30 s, a look each second, 10 s to stop.
    fn default() -> Self {
        Self {
            at_once: 4,
            lease: Duration::from_secs(30),
            look_every: Duration::from_secs(1),
            grace: Duration::from_secs(10),
        }
    }
}

/// Claims due jobs and carries them out, several at a time.
pub struct Worker {
    ports: WorkerPorts,
    rules: WorkerRules,
    holder: Uuid,
    held: Held,
}

/// The leases a worker holds.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<HashSet<Lease>>>);

impl Held {
    fn add(&self, lease: Lease) {
        self.locked().insert(lease);
    }

    fn remove(&self, lease: Lease) {
        self.locked().remove(&lease);
    }

    fn all(&self) -> Vec<Lease> {
        self.locked().iter().copied().collect()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashSet<Lease>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many jobs more the worker can take, and the attempts that have ended since.
struct Hands {
    free: u16,
    ended: UnboundedReceiver<()>,
    end: UnboundedSender<()>,
}

impl Hands {
    fn new(free: u16) -> Self {
        let (end, ended) = unbounded();
        Self { free, ended, end }
    }

    fn count(&mut self) {
        while self.ended.try_recv().is_ok() {
            self.free += 1;
        }
    }

    async fn one_more(&mut self) {
        if self.ended.next().await.is_some() {
            self.free += 1;
        }
    }
}

impl Worker {
    /// A worker; `holder` tells it from all others, those before it on the same disk excepted.
    pub fn new(ports: WorkerPorts, rules: WorkerRules, holder: Uuid) -> Self {
        Self {
            ports,
            rules,
            holder,
            held: Held::default(),
        }
    }

    /// Works until told to stop, then ends what is running or gives it back.
    pub async fn run(self, stop: Stop) {
        let (beat, work) = (pin!(self.keep_leases()), pin!(self.work(stop)));
        select(beat, work).await;
    }

    async fn work(&self, stop: Stop) {
        self.take_back().await;
        let mut hands = Hands::new(self.rules.at_once);
        while stop.clone().now_or_never().is_none() {
            hands.count();
            let found = self.claim(hands.free).await;
            let is_drained = found.len() < usize::from(hands.free);
            for claimed in found {
                hands.free -= 1;
                self.begin(claimed, &hands, &stop);
            }
            self.wait(&mut hands, is_drained, &stop).await;
        }
        while hands.free < self.rules.at_once {
            hands.one_more().await;
        }
    }

    /// What this worker held when its process ended comes back at once.
    async fn take_back(&self) {
        let now = self.ports.clock.now();
        match self.ports.queue.abandon(self.holder, now).await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "jobs that were broken off are due again"),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "jobs that were broken off wait for their leases to run out"
                );
            }
        }
    }

    async fn claim(&self, limit: u16) -> Vec<Claimed> {
        if limit == 0 {
            return Vec::new();
        }
        self.try_claim(limit).await.unwrap_or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "no job can be claimed"
            );
            Vec::new()
        })
    }

    async fn try_claim(&self, limit: u16) -> PortResult<Vec<Claimed>> {
        let now = self.ports.clock.now();
        let kinds = self.ports.handlers.kinds();
        let ask = Ask {
            holder: self.holder,
            kinds: &kinds,
            limit,
            now,
            until: now + self.rules.lease,
        };
        self.ports.queue.claim(&ask).await
    }

    fn begin(&self, claimed: Claimed, hands: &Hands, stop: &Stop) {
        let lease = claimed.lease;
        self.held.add(lease);
        let attempt = Attempt::new(&self.ports, self.rules.grace, stop.clone());
        let (held, end) = (self.held.clone(), hands.end.clone());
        let run = async move {
            // Dropped also where the attempt panics, so that the hand is free again.
            let _freed = Freed { held, lease, end };
            attempt.run(claimed).await;
        };
        self.ports.tasks.spawn("job", Box::pin(run));
    }

    /// Until there may be something to do and a hand to do it.
    async fn wait(&self, hands: &mut Hands, is_drained: bool, stop: &Stop) {
        hands.count();
        if hands.free > 0 && !is_drained {
            return;
        }
        if hands.free == 0 {
            select(pin!(hands.one_more()), stop.clone()).await;
            return;
        }
        let bell = pin!(self.ports.bell.rung());
        let look = pin!(self.ports.timer.sleep(self.rules.look_every));
        select(select(bell, look), stop.clone()).await;
    }

    /// Renews what is held, for ever.
    async fn keep_leases(&self) {
        loop {
            self.ports.timer.sleep(self.rules.lease / 3).await;
            let leases = self.held.all();
            if leases.is_empty() {
                continue;
            }
            let until = self.ports.clock.now() + self.rules.lease;
            if let Err(error) = self.ports.queue.renew(&leases, until).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    jobs = leases.len(),
                    "leases not renewed"
                );
            }
        }
    }
}

/// Frees a hand when it goes.
struct Freed {
    held: Held,
    lease: Lease,
    end: UnboundedSender<()>,
}

impl Drop for Freed {
    fn drop(&mut self) {
        self.held.remove(self.lease);
        // Nobody counts hands any more once the worker is gone.
        drop(self.end.unbounded_send(()));
    }
}

/// The first of two, told apart; `None` if the second was first.
async fn unless<T>(work: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    match select(pin!(work), pin!(end)).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(((), _)) => None,
    }
}
