//! The upload path.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use kernel::{Clock, Ids, LearningEventId, SessionId, Tasks, Timer, Timestamp, UserId};
use ledger::Attempt;
use objects::{Link, ObjectKey, ObjectStore, Uploads};
use sessions::{
    ContentAnalysis, EventStore, LearningEvent, NewLearningEvent, Session, SessionError, Sessions,
};
use spending::Spending;
use topics::{AliasTable, TopicName, Topics};

use crate::capture::captured_at;
use crate::chain::Chain;
use crate::error::AnalyzeError;
use crate::image::{ImagePreparer, Prepared};
use crate::insight::Insight;
use crate::model::{ModelError, Sighting};
use crate::parts::{Part, Parts, analyzed};
use crate::ports::{Journal, Spool};
use crate::reuse::{Moment, Reuse};
use crate::watch::EventWatcher;
use crate::witness::TextWitness;

/// Stores and analyzes images.
#[derive(Clone)]
pub struct Vision {
    pub(crate) ports: Arc<VisionPorts>,
    pub(crate) rules: VisionRules,
    pub(crate) watcher: Option<Arc<dyn EventWatcher>>,
    pub(crate) reuse: Option<Arc<Reuse>>,
    pub(crate) spending: Option<Spending>,
    pub(crate) witness: Option<Arc<dyn TextWitness>>,
    pub(crate) uploads: Option<Uploads>,
}

/// What [`Vision`] works with.
pub struct VisionPorts {
    /// Finds and starts sessions.
    pub sessions: Sessions,
    /// Keeps learning events.
    pub events: Arc<dyn EventStore>,
    /// Is brought up to date after each event.
    pub topics: Topics,
    /// Keeps images.
    pub objects: Arc<dyn ObjectStore>,
    /// Keeps images while the store is away.
    pub spool: Arc<dyn Spool>,
    /// Keeps events while the database is away.
    pub journal: Arc<dyn Journal>,
    /// Decodes images.
    pub images: Arc<dyn ImagePreparer>,
    /// Who is asked, first to last.
    pub models: Chain,
    /// Folds topic names.
    pub names: Arc<AliasTable>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Runs what goes on after the answer.
    pub tasks: Arc<dyn Tasks>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
}

/// How a model gets to see an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The bytes are sent.
    Bytes,
    /// A link is sent; the store must be reachable for the provider.
    Links,
}

/// Limits and waiting times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisionRules {
    /// The largest file, in bytes.
    pub max_bytes: usize,
    /// How long an answer waits for the database to confirm the event.
    pub confirm_within: Duration,
    /// How long an answer waits for the object store before the image goes to the spool.
    pub store_within: Duration,
    /// How long a link to an image works.
    pub link_ttl: Duration,
    /// How models get to see images.
    pub delivery: Delivery,
}

impl Default for VisionRules {
    /// 10 MB, 500 ms, 5 s, 1 h, bytes.
    fn default() -> Self {
        Self {
            max_bytes: 10 * 1024 * 1024,
            confirm_within: Duration::from_millis(500),
            store_within: Duration::from_secs(5),
            link_ttl: Duration::from_hours(1),
            delivery: Delivery::Bytes,
        }
    }
}

/// The image to analyze.
#[derive(Debug, Clone)]
pub enum Image {
    /// A file that comes with the request.
    File(Bytes),
    /// One that was stored before.
    Stored(ObjectKey),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AnalyzeRequest {
    /// Who asks.
    pub user: UserId,
    /// The session it belongs to; without one a new session starts.
    pub session: Option<SessionId>,
    /// The image.
    pub image: Image,
    /// When the client says the picture was taken.
    pub captured_at: Option<Timestamp>,
    /// Of a request that is carried out later than it was accepted: when that was. Its session was
    /// active then, and may have ended since.
    pub accepted_at: Option<Timestamp>,
    /// Of a request that may come again: what an attempt before has written is found and not
    /// written twice.
    pub attempt: Option<Attempt>,
}

/// An analyzed image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analyzed {
    /// The session it belongs to.
    pub session: SessionId,
    /// Where it is kept, and a link to it.
    pub stored: StoredImage,
    /// What was seen.
    pub content: ContentAnalysis,
    /// The canonical topic it counts for.
    pub topic: TopicName,
    /// The model that saw it.
    pub model: String,
    /// The analysis was taken over from the frame before.
    pub reused: bool,
    /// Local OCR says otherwise of whether there is text.
    pub text_disputed: bool,
    /// The event's id; `None` when the database has not confirmed it in time. It is then written
    /// later.
    pub event: Option<LearningEventId>,
    /// When the image was received.
    pub received_at: Timestamp,
}

/// A stored image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// Where it is kept.
    pub key: ObjectKey,
    /// A link to it.
    pub link: Link,
}

/// An image that has passed all checks.
pub(crate) struct Accepted {
    pub(crate) key: ObjectKey,
    pub(crate) file: Bytes,
    pub(crate) prepared: Prepared,
    /// It is in the store already.
    pub(crate) is_stored: bool,
    /// It may go to the spool while the store is away.
    pub(crate) may_wait: bool,
}

impl Vision {
    /// The facade over its ports.
    pub fn new(ports: VisionPorts, rules: VisionRules) -> Self {
        Self {
            ports: Arc::new(ports),
            rules,
            watcher: None,
            reuse: None,
            spending: None,
            witness: None,
            uploads: None,
        }
    }

    /// The limits it works within.
    pub const fn rules(&self) -> &VisionRules {
        &self.rules
    }

    /// Stores an image and analyzes it, or analyzes a stored one.
    pub async fn analyze(&self, request: AnalyzeRequest) -> Result<Analyzed, AnalyzeError> {
        let now = self.ports.clock.now();
        let received_at = request.accepted_at.unwrap_or(now);
        let parts = Parts::of(request.attempt);
        if let Some(analyzed) = self.analyzed_before(request.user, &parts).await? {
            return Ok(analyzed);
        }
        let session = self.session(&request, &parts).await?;
        self.admit(request.user).await?;
        let image = self
            .accept(request.user, request.image, (&parts, received_at))
            .await?;
        let link = self.link(&image.key, now).await?;
        let moment = Moment {
            user: request.user,
            session: session.id,
            object: image.key.clone(),
            signature: image.prepared.signature.clone(),
            captured_at: captured_at(request.captured_at, received_at),
            received_at,
        };
        let insight = self.kept_and_seen(&moment, &image).await?;
        let object = image.key;
        let insight = insight.map_err(|error| AnalyzeError::Model { error, object })?;
        let new = self.event(session, &moment, insight.clone(), &parts);
        let event = self.record(new.clone()).await?;
        self.remember(moment, insight);
        Ok(analyzed(new.event, link, event))
    }

    /// Storage and model work side by side, unless there is nowhere but the store.
    async fn kept_and_seen(
        &self,
        moment: &Moment,
        image: &Accepted,
    ) -> Result<Result<Insight, ModelError>, AnalyzeError> {
        let (kept, seen) = (self.keep(image), self.insight(moment, image));
        let (kept, seen) = if image.may_wait {
            join(kept, seen).await
        } else {
            kept.await.map_err(AnalyzeError::Storage)?;
            (Ok(()), seen.await)
        };
        kept.map_err(AnalyzeError::Storage)?;
        Ok(seen)
    }

    /// Stores an image without looking at it; a further attempt stores it in the same place.
    pub async fn store(
        &self,
        user: UserId,
        file: Bytes,
        attempt: Option<Attempt>,
    ) -> Result<StoredImage, AnalyzeError> {
        let now = self.ports.clock.now();
        let parts = Parts::of(attempt);
        let image = self.accept(user, Image::File(file), (&parts, now)).await?;
        let link = self.link(&image.key, now).await?;
        self.keep(&image).await.map_err(AnalyzeError::Storage)?;
        Ok(StoredImage {
            key: image.key,
            link,
        })
    }

    pub(crate) async fn session(
        &self,
        request: &AnalyzeRequest,
        parts: &Parts,
    ) -> Result<Session, AnalyzeError> {
        if let Some(id) = request.session {
            let named = self.named_session(request.user, id).await;
            return self.or_ended_since(named, request, id).await;
        }
        let draft = self.ports.sessions.draft(request.user).await;
        let draft = draft.map_err(SessionError::from)?;
        let id = parts.id(Part::Session);
        Ok(Session {
            id: id.map_or(draft.id, SessionId::from),
            ..draft
        })
    }

    async fn or_ended_since(
        &self,
        named: Result<Session, AnalyzeError>,
        request: &AnalyzeRequest,
        id: SessionId,
    ) -> Result<Session, AnalyzeError> {
        match named {
            Err(AnalyzeError::Session(SessionError::Inactive)) if request.accepted_at.is_some() => {
                Ok(self.ports.sessions.get(request.user, id).await?)
            }
            named => named,
        }
    }

    /// A session that began while the database did not write is known to the journal alone. The
    /// journal is asked first: an event leaves it only after the database has its session.
    async fn named_session(&self, user: UserId, id: SessionId) -> Result<Session, AnalyzeError> {
        let waiting = self.ports.journal.session(user, id).await;
        let waiting = waiting.map_err(AnalyzeError::Storage)?;
        match (self.ports.sessions.require_active(user, id).await, waiting) {
            (Err(SessionError::NotFound), Some(session)) => Ok(session),
            (found, _) => Ok(found?),
        }
    }

    fn event(
        &self,
        session: Session,
        moment: &Moment,
        insight: Insight,
        parts: &Parts,
    ) -> NewLearningEvent {
        let received_at = moment.received_at;
        let id = |part| {
            let fresh = || self.ports.ids.next(received_at);
            parts.id(part).unwrap_or_else(fresh)
        };
        let reused = insight.is_reused();
        let text_disputed = insight.text_disputed;
        let Sighting { content, model } = insight.sighting;
        let content = content.cleaned();
        let event = LearningEvent {
            id: id(Part::Event).into(),
            session: session.id,
            user: session.user,
            object: moment.object.clone(),
            captured_at: moment.captured_at,
            received_at,
            topic: self.ports.names.canonical(content.topic.as_deref()),
            content,
            model,
            reused,
            text_disputed,
        };
        NewLearningEvent {
            event,
            entry_id: id(Part::EventEntry).into(),
            session,
            session_entry_id: id(Part::SessionEntry).into(),
        }
    }
}
