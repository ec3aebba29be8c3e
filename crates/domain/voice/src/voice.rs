//! The facade.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::Shared;
use kernel::{
    Clock, Ids, Page, PageRequest, PortError, PortResult, SessionId, Tasks, Timer, UserId,
    VoiceSessionId,
};
use ledger::{Actor, Change, Entry, VoiceEnded};
use objects::Link;

use crate::billing::Billed;
use crate::client::{ClientLink, Start};
use crate::model::RealtimeModel;
use crate::talk::is_erased;
use crate::{
    ContextFeed, Desk, EndReason, Places, Recordings, TalkState, Track, Turn, VoiceClose,
    VoiceRules, VoiceSession, VoiceStore,
};

/// A conversation of which nothing was stored for so long has lost its process: idle ones end
/// earlier.
const ABANDONED_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Holds conversations and serves what is kept of them. Cheap to clone.
#[derive(Clone)]
pub struct Voice {
    pub(crate) ports: Arc<VoicePorts>,
    pub(crate) rules: Arc<VoiceRules>,
    pub(crate) billed: Option<Billed>,
    stop: Arc<Mutex<Option<oneshot::Sender<()>>>>,
    pub(crate) stopping: Stopping,
}

/// Ready when the server is being shut down.
pub(crate) type Stopping = Shared<oneshot::Receiver<()>>;

/// What [`Voice`] works with.
pub struct VoicePorts {
    /// The model; without one every conversation is refused.
    pub model: Option<Arc<dyn RealtimeModel>>,
    /// Sessions of study, pictures, tools.
    pub desk: Arc<dyn Desk>,
    /// Keeps transcripts.
    pub store: Arc<dyn VoiceStore>,
    /// Keeps sound.
    pub recordings: Arc<dyn Recordings>,
    /// Tells what is seen.
    pub feed: Arc<dyn ContextFeed>,
    /// Counts conversations.
    pub places: Arc<dyn Places>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
    /// Finishes conversations, also those whose socket task was dropped.
    pub tasks: Arc<dyn Tasks>,
}

/// How a conversation went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkOutcome {
    /// Its id; `None` when it was refused before it began.
    pub id: Option<VoiceSessionId>,
    /// Why it ended.
    pub reason: EndReason,
}

/// What was found after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Conversations that were closed.
    pub conversations: usize,
    /// Recordings that were finished.
    pub recordings: usize,
}

/// Why nothing of a conversation can be served.
#[derive(Debug, thiserror::Error)]
pub enum VoiceReadError {
    /// The user has no such conversation.
    #[error("no such voice session")]
    NotFound,
    /// A port failed.
    #[error("the voice session could not be read")]
    Port(#[from] PortError),
}

impl Voice {
    /// The facade over its ports.
    pub fn new(ports: VoicePorts, rules: VoiceRules) -> Self {
        let (stop, stopping) = oneshot::channel();
        Self {
            ports: Arc::new(ports),
            rules: Arc::new(rules),
            billed: None,
            stop: Arc::new(Mutex::new(Some(stop))),
            stopping: stopping.shared(),
        }
    }

    /// The limits and manners.
    pub fn rules(&self) -> &VoiceRules {
        &self.rules
    }

    /// Holds one conversation with an authenticated user to its end, refusals included: every
    /// outcome has been told to the device. Returns when everything is stored.
    ///
    /// Dropped before its end, it ends like one whose device is gone: what was said is still
    /// stored, by a task of its own.
    pub async fn talk(
        &self,
        user: UserId,
        start: Start,
        client: Box<dyn ClientLink>,
    ) -> TalkOutcome {
        crate::talk::talk(self, user, start, client).await
    }

    /// Ends all conversations, and those that begin later, with `GOING_AWAY`.
    pub fn shut_down(&self) {
        let stop = self
            .stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Nobody may be listening.
        let _told = stop.map(|stop| stop.send(()));
    }

    /// One conversation of this user.
    pub async fn get(
        &self,
        user: UserId,
        id: VoiceSessionId,
    ) -> Result<VoiceSession, VoiceReadError> {
        let found = self.ports.store.find(user, id).await?;
        found.ok_or(VoiceReadError::NotFound)
    }

    /// Up to `limit` turns of a conversation of this user, from place `from` on.
    pub async fn transcript(
        &self,
        user: UserId,
        id: VoiceSessionId,
        from: u32,
        limit: u16,
    ) -> Result<Vec<Turn>, VoiceReadError> {
        self.get(user, id).await?;
        Ok(self.ports.store.turns(user, id, from, limit).await?)
    }

    /// Links to the recordings there are of a conversation of this user, valid for `ttl`.
    pub async fn recordings(
        &self,
        user: UserId,
        id: VoiceSessionId,
        ttl: Duration,
    ) -> Result<Vec<(Track, Link)>, VoiceReadError> {
        self.get(user, id).await?;
        let now = self.ports.clock.now();
        Ok(self.ports.recordings.links(id, now, ttl).await?)
    }

    /// The user's conversations, newest first, of one session of study where given.
    pub async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<VoiceSession>> {
        self.ports.store.list(user, session, page).await
    }

    /// Closes conversations and finishes recordings whose process died, up to `limit` each. To be
    /// called at the start and now and then.
    pub async fn recover(&self, limit: u16) -> PortResult<Recovered> {
        let now = self.ports.clock.now();
        let before = now - ABANDONED_AFTER;
        let abandoned = self.ports.store.abandoned(before, limit).await?;
        let conversations = abandoned.len();
        for session in abandoned {
            let at = match session.state {
                TalkState::Open { last_seen_at } => last_seen_at,
                TalkState::Ended { at, .. } => at,
            };
            let close = self.closing(&session, at, EndReason::crash(), Actor::System);
            match self.ports.store.close(&close).await {
                // Erased meanwhile: there is nothing to close.
                Err(error) if is_erased(error.fault()) => {}
                closed => drop(closed?),
            }
        }
        let recordings = self.ports.recordings.recover(limit).await?.len();
        Ok(Recovered {
            conversations,
            recordings,
        })
    }

    pub(crate) fn closing(
        &self,
        session: &VoiceSession,
        at: kernel::Timestamp,
        reason: EndReason,
        actor: Actor,
    ) -> VoiceClose {
        let change = Change::VoiceEnded(VoiceEnded {
            voice_session_id: session.id,
            ended_at: at,
            reason: reason.as_str().to_owned(),
        });
        let entry = Entry {
            actor,
            ..self.entry(session, change)
        };
        let (id, user) = (session.id, session.user);
        VoiceClose {
            id,
            user,
            at,
            reason,
            entry,
        }
    }

    pub(crate) fn entry(&self, session: &VoiceSession, change: Change) -> Entry {
        let now = self.ports.clock.now();
        Entry {
            id: self.ports.ids.next(now).into(),
            user: session.user,
            actor: Actor::User,
            device_time: None,
            server_time: now,
            zone: session.zone,
            change,
        }
    }
}
