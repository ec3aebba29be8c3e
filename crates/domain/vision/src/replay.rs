//! Making good what could not be written.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Fault, LearningEventId, PortError, Timestamp};
use objects::ObjectStore;
use sessions::EventStore;

use crate::error::BacklogError;
use crate::pending::PendingObject;
use crate::ports::{Held, Journal, Spool};

const BATCH: usize = 100;

/// Writes what waits on local disk once the other side is back.
#[derive(Clone)]
pub struct Backlog {
    journal: Arc<dyn Journal>,
    spool: Arc<dyn Spool>,
    events: Arc<dyn EventStore>,
    objects: Arc<dyn ObjectStore>,
}

/// What one round has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Events written.
    pub events: usize,
    /// Images stored.
    pub objects: usize,
    /// Events that can never be written and were moved aside.
    pub set_aside: usize,
}

/// How much waits to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Learning events.
    pub events: Held,
    /// How long the oldest of them has waited; zero when none does.
    pub oldest_event: TimeDelta,
    /// Images.
    pub objects: Held,
}

impl Backlog {
    /// The backlog over its ports.
    pub fn new(
        journal: Arc<dyn Journal>,
        spool: Arc<dyn Spool>,
        events: Arc<dyn EventStore>,
        objects: Arc<dyn ObjectStore>,
    ) -> Self {
        Self {
            journal,
            spool,
            events,
            objects,
        }
    }

    /// Whether no event waits. While some do, the last activity of a session is not yet known.
    pub async fn has_no_events(&self) -> Result<bool, BacklogError> {
        Ok(self.journal.waiting(1).await?.is_empty())
    }

    /// How much waits at this moment.
    pub async fn waiting(&self, now: Timestamp) -> Result<Waiting, BacklogError> {
        let oldest = self.journal.waiting(1).await?.first().copied();
        let since = oldest.and_then(made_at);
        Ok(Waiting {
            events: self.journal.held().await?,
            oldest_event: since.map_or(TimeDelta::zero(), |since| {
                (now - since).max(TimeDelta::zero())
            }),
            objects: self.spool.held().await?,
        })
    }

    /// Writes what waits, oldest first, until nothing is left or the other side is away.
    /// May run beside requests and beside other processes: each write counts once.
    pub async fn replay(&self) -> Result<Replayed, BacklogError> {
        let mut done = Replayed::default();
        self.replay_events(&mut done).await?;
        self.replay_objects(&mut done).await?;
        Ok(done)
    }

    async fn replay_events(&self, done: &mut Replayed) -> Result<(), PortError> {
        loop {
            let waiting = self.journal.waiting(BATCH).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for id in waiting {
                match self.replay_event(id).await {
                    Ok(()) => done.events += 1,
                    Err(error) if is_for_good(&error) => self.set_aside(id, &error, done).await?,
                    Err(error) => {
                        tracing::debug!(event_id = %id, error = %error, "event still waits");
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn replay_event(&self, id: LearningEventId) -> Result<(), PortError> {
        if let Some(pending) = self.journal.read(id).await? {
            let written = self.events.record(&pending.0, &pending.0.entries()).await;
            unless_gone(written.map(drop))?;
        }
        self.journal.remove(id).await
    }

    async fn set_aside(
        &self,
        id: LearningEventId,
        error: &PortError,
        done: &mut Replayed,
    ) -> Result<(), PortError> {
        tracing::error!(event_id = %id, error = error as &dyn std::error::Error,
            "event can never be written, moved aside");
        done.set_aside += 1;
        self.journal.set_aside(id).await
    }

    async fn replay_objects(&self, done: &mut Replayed) -> Result<(), PortError> {
        loop {
            let waiting = self.spool.waiting(BATCH).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for object in waiting {
                if let Err(error) = self.replay_object(&object).await {
                    tracing::debug!(key = %object.key, error = %error, "image still waits");
                    return Ok(());
                }
                done.objects += 1;
            }
        }
    }

    async fn replay_object(&self, object: &PendingObject) -> Result<(), PortError> {
        if let Some(body) = self.spool.read(&object.key).await? {
            let put = self.objects.put(&object.key, &object.content_type, body);
            unless_gone(put.await)?;
        }
        self.spool.remove(&object.key).await
    }
}

/// What belongs to an erased user has nowhere to go and is forgotten.
fn unless_gone(written: Result<(), PortError>) -> Result<(), PortError> {
    match written {
        Err(error) if error.fault() == Fault::Gone => Ok(()),
        written => written,
    }
}

/// When an event was received: its id tells.
fn made_at(id: LearningEventId) -> Option<Timestamp> {
    let (seconds, nanos) = id.uuid().get_timestamp()?.to_unix();
    Timestamp::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

/// Whether trying again cannot help. A refusal is not for good: a wrong password gets mended.
fn is_for_good(error: &PortError) -> bool {
    matches!(
        error.fault(),
        Fault::Corrupt | Fault::Dangling | Fault::Conflict
    )
}
