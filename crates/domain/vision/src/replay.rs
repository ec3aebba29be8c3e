//! Making good what could not be written.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Fault, LearningEventId, PortError, PortResult, Timestamp};
use objects::ObjectStore;
use sessions::EventStore;

use crate::begun::Begun;
use crate::drain::{Queue, drain};
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
    begun: Begun,
}

/// What one round has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Events written.
    pub events: usize,
    /// Images stored.
    pub objects: usize,
    /// Events and images that can never be written and were moved aside.
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
    /// How long the oldest of them has waited; zero when none does.
    pub oldest_object: TimeDelta,
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
            begun: Begun::not_yet(),
        }
    }

    /// Waits until what waits is being written for the first time.
    pub async fn has_begun(&self) {
        self.begun.heard().await;
    }

    /// Whether no event waits. While some do, the last activity of a session is not yet known.
    pub async fn has_no_events(&self) -> Result<bool, BacklogError> {
        Ok(self.journal.waiting(1).await?.is_empty())
    }

    /// How much waits at this moment.
    pub async fn waiting(&self, now: Timestamp) -> Result<Waiting, BacklogError> {
        let age = |since: Option<Timestamp>| {
            since.map_or(TimeDelta::zero(), |since| {
                (now - since).max(TimeDelta::zero())
            })
        };
        Ok(Waiting {
            events: self.journal.held().await?,
            oldest_event: age(self.journal.oldest().await?),
            objects: self.spool.held().await?,
            oldest_object: age(self.spool.oldest().await?),
        })
    }

    /// Writes what waits, oldest first, until nothing is left or the other side is away.
    /// May run beside requests and beside other processes: each write counts once.
    pub async fn replay(&self) -> Result<Replayed, BacklogError> {
        self.begun.tell();
        let events = drain(&Events(self)).await?;
        let objects = drain(&Objects(self)).await?;
        Ok(Replayed {
            events: events.written,
            objects: objects.written,
            set_aside: events.set_aside + objects.set_aside,
        })
    }
}

/// The events of the journal.
struct Events<'a>(&'a Backlog);

#[async_trait]
impl Queue for Events<'_> {
    type Thing = LearningEventId;

    async fn oldest(&self) -> PortResult<Vec<LearningEventId>> {
        self.0.journal.waiting(BATCH).await
    }

    async fn write(&self, id: &LearningEventId) -> PortResult<()> {
        if let Some(pending) = self.0.journal.read(*id).await? {
            let written = self.0.events.record(&pending.0, &pending.0.entries()).await;
            unless_gone(written.map(drop))?;
        }
        self.0.journal.remove(*id).await
    }

    async fn set_aside(&self, id: &LearningEventId, error: &PortError) -> PortResult<()> {
        tracing::error!(event_id = %id, error = error as &dyn std::error::Error,
            "event can never be written, moved aside");
        self.0.journal.set_aside(*id).await
    }
}

/// The images of the spool.
struct Objects<'a>(&'a Backlog);

#[async_trait]
impl Queue for Objects<'_> {
    type Thing = PendingObject;

    async fn oldest(&self) -> PortResult<Vec<PendingObject>> {
        self.0.spool.waiting(BATCH).await
    }

    async fn write(&self, object: &PendingObject) -> PortResult<()> {
        if let Some(body) = self.0.spool.read(&object.key).await? {
            let put = self.0.objects.put(&object.key, &object.content_type, body);
            unless_gone(put.await)?;
        }
        self.0.spool.remove(&object.key).await
    }

    async fn set_aside(&self, object: &PendingObject, error: &PortError) -> PortResult<()> {
        tracing::error!(key = %object.key, error = error as &dyn std::error::Error,
            "image can never be stored, moved aside");
        self.0.spool.set_aside(&object.key).await
    }
}

/// What belongs to an erased user has nowhere to go and is forgotten.
fn unless_gone(written: Result<(), PortError>) -> Result<(), PortError> {
    match written {
        Err(error) if error.fault() == Fault::Gone => Ok(()),
        written => written,
    }
}
