//! Sessions as a facade.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kernel::{
    Clock, Date, EntryId, Fault, HelpRequestId, Ids, Page, PageRequest, PortError, PortResult,
    SessionId, Timestamp, UserId,
};
use ledger::{Actor, Attempt, Change, HelpCounted};
use topics::{AliasTable, Rules, TopicName};

use crate::entries;
use crate::making::{Making, Part};
use crate::ports::{Ending, EventStore, HelpStore, SessionStore, Stored};
use crate::profile::Profiles;
use crate::{HelpError, HelpRequest, LearningEvent, Session, SessionState};

/// Starts, ends and reads sessions.
#[derive(Clone)]
pub struct Sessions {
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) help: Arc<dyn HelpStore>,
    pub(crate) profiles: Profiles,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) making: Making,
    pub(crate) names: Arc<AliasTable>,
}

/// A session that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedSession {
    /// The session.
    pub session: Session,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How many images were analyzed in it.
    pub total_analyses: u64,
}

/// Why a session could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The user has no such session.
    #[error("no such session")]
    NotFound,
    /// It has ended.
    #[error("the session has ended")]
    Inactive,
    /// A port failed.
    #[error("the session could not be read or stored")]
    Port(#[from] PortError),
}

/// What [`Sessions`] works with.
pub struct SessionPorts {
    /// Keeps sessions.
    pub store: Arc<dyn SessionStore>,
    /// Keeps learning events.
    pub events: Arc<dyn EventStore>,
    /// Keeps requests for help.
    pub help: Arc<dyn HelpStore>,
    /// Reads profiles.
    pub profiles: Profiles,
}

impl Sessions {
    /// The facade over its ports.
    pub fn new(
        ports: SessionPorts,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        names: Arc<AliasTable>,
    ) -> Self {
        let SessionPorts {
            store,
            events,
            help,
            profiles,
        } = ports;
        Self {
            store,
            events,
            help,
            profiles,
            clock,
            making: Making::new(ids),
            names,
        }
    }

    /// The same for one attempt at a request that may come again: what an attempt before has written
    /// is found and not written twice.
    #[must_use]
    pub fn attempting(&self, attempt: Option<Attempt>) -> Self {
        Self {
            making: self.making.clone().attempting(attempt),
            ..self.clone()
        }
    }

    /// A session that starts now, not stored yet.
    pub async fn draft(&self, user: UserId) -> PortResult<Session> {
        let now = self.clock.now();
        let zone = self.profiles.get(user).await?.zone;
        Ok(Session::start(
            self.making.id(Part::Thing, now).into(),
            user,
            now,
            zone,
        ))
    }

    /// Starts a session.
    pub async fn start(&self, user: UserId) -> PortResult<Session> {
        let session = self.draft(user).await?;
        let id = self.making.id(Part::Entry, session.started_at);
        let entry = entries::started(id.into(), &session);
        match self.store.start(&session, &entry).await? {
            Stored::New => Ok(session),
            Stored::Already => self.started_before(user, session.id).await,
        }
    }

    /// By an attempt whose answer was lost.
    async fn started_before(&self, user: UserId, id: SessionId) -> PortResult<Session> {
        let session = self.store.find(user, id).await?;
        session.ok_or(PortError::bare(
            Fault::Dangling,
            "find a session that was started",
        ))
    }

    /// A session of this user, ended or not.
    pub async fn get(&self, user: UserId, id: SessionId) -> Result<Session, SessionError> {
        self.store
            .find(user, id)
            .await?
            .ok_or(SessionError::NotFound)
    }

    /// A session of this user that has not ended.
    pub async fn require_active(
        &self,
        user: UserId,
        id: SessionId,
    ) -> Result<Session, SessionError> {
        let session = self.get(user, id).await?;
        match session.state {
            SessionState::Active => Ok(session),
            SessionState::Ended(_) => Err(SessionError::Inactive),
        }
    }

    /// The user's newest session that has not ended.
    pub async fn active(&self, user: UserId) -> PortResult<Option<Session>> {
        self.store.active(user).await
    }

    /// The user's sessions, newest first.
    pub async fn list(
        &self,
        user: UserId,
        date: Option<Date>,
        page: PageRequest,
    ) -> PortResult<Page<Session>> {
        self.store.list(user, date, page).await
    }

    /// Ends a session now; ending it again gives the first end.
    pub async fn end(&self, user: UserId, id: SessionId) -> Result<EndedSession, SessionError> {
        let session = self.get(user, id).await?;
        self.end_at(&session, Actor::User, self.clock.now()).await?;
        let session = self.get(user, id).await?;
        let ended_at = session
            .ended_at()
            .ok_or(PortError::bare(Fault::Conflict, "end session"))?;
        let total_analyses = self.events.count(user, id).await?;
        Ok(EndedSession {
            session,
            ended_at,
            total_analyses,
        })
    }

    /// The events of a session, newest capture first.
    pub async fn events(
        &self,
        user: UserId,
        id: SessionId,
        page: PageRequest,
    ) -> Result<Page<LearningEvent>, SessionError> {
        self.get(user, id).await?;
        Ok(self.events.list(user, id, page).await?)
    }

    /// How many images were analyzed in a session.
    pub async fn count_events(&self, user: UserId, id: SessionId) -> PortResult<u64> {
        self.events.count(user, id).await
    }

    /// Ends sessions in which nothing happened for `idle`, at their last capture plus the longest
    /// gap that counts. Returns how many it ended; one in which something happens meanwhile goes
    /// on. One that cannot be ended does not keep the others from it; the first failure is
    /// returned.
    pub async fn end_idle(&self, idle: Duration, rules: Rules) -> PortResult<usize> {
        let now = self.clock.now();
        let idle = TimeDelta::from_std(idle).unwrap_or(TimeDelta::MAX);
        let Some(before) = now.checked_sub_signed(idle) else {
            return Ok(0);
        };
        let grace = rules.max_gap().unwrap_or(TimeDelta::zero());
        let (mut ended, mut first_failure) = (0, None);
        for session in self.store.idle(before, 200).await? {
            match self.end_idle_one(&session, grace, now).await {
                Ok(ending) => ended += usize::from(ending == Ending::Now),
                Err(error) => {
                    first_failure.get_or_insert(error);
                }
            }
        }
        first_failure.map_or(Ok(ended), Err)
    }

    /// Counts one request for help. Without a topic it counts for what was seen last in the
    /// session, else for `Unknown`.
    pub async fn count_help(
        &self,
        user: UserId,
        session: Option<SessionId>,
        topic: Option<&str>,
    ) -> Result<HelpRequest, HelpError> {
        if let Some(id) = session {
            self.store
                .find(user, id)
                .await?
                .ok_or(HelpError::SessionNotFound)?;
        }
        let topic = self.help_topic(user, session, topic).await?;
        let (at, zone) = (self.clock.now(), self.profiles.get(user).await?.zone);
        let id: HelpRequestId = self.making.id(Part::Thing, at).into();
        let entry_id: EntryId = self.making.id(Part::Entry, at).into();
        let change = HelpCounted {
            help_request_id: id,
            session_id: session,
            topic: topic.as_str().to_owned(),
        };
        let entry = entries::by_user(entry_id, user, at, zone, Change::HelpCounted(change));
        let request = HelpRequest {
            id,
            user,
            session,
            topic,
            at,
            zone,
        };
        match self.help.add(&request, &entry).await? {
            Stored::New => Ok(request),
            Stored::Already => Ok(self.counted_before(user, entry_id).await?),
        }
    }

    /// By an attempt whose answer was lost; the topic may be another one by now.
    async fn counted_before(&self, user: UserId, entry: EntryId) -> PortResult<HelpRequest> {
        let counted = self.help.counted(user, entry).await?;
        counted.ok_or(PortError::bare(Fault::Dangling, "find a request for help"))
    }

    async fn help_topic(
        &self,
        user: UserId,
        session: Option<SessionId>,
        topic: Option<&str>,
    ) -> PortResult<TopicName> {
        let said = self.names.canonical(topic);
        match session {
            Some(session) if said == TopicName::unknown() => {
                let newest = self
                    .events
                    .list(user, session, PageRequest::new(1, None))
                    .await?;
                Ok(newest
                    .items
                    .into_iter()
                    .next()
                    .map_or(said, |event| event.topic))
            }
            _ => Ok(said),
        }
    }

    async fn end_idle_one(
        &self,
        session: &Session,
        grace: TimeDelta,
        now: Timestamp,
    ) -> PortResult<Ending> {
        let newest = PageRequest::new(1, None);
        let newest = self.events.list(session.user, session.id, newest).await?;
        let captured_at = newest.items.first().map(|event| event.captured_at);
        let at = captured_at.unwrap_or(session.started_at) + grace;
        self.end_at(session, Actor::System, at.min(now)).await
    }

    async fn end_at(&self, session: &Session, actor: Actor, at: Timestamp) -> PortResult<Ending> {
        let Some(ended) = session.end(at) else {
            return Ok(Ending::Before);
        };
        let now = self.clock.now();
        let ended_at = ended.ended_at().unwrap_or(at);
        let id = self.making.id(Part::Entry, now);
        let entry = entries::ended(id.into(), session, actor, ended_at, now);
        self.store.end(&ended, &entry).await
    }
}
