//! What is kept, kept in memory.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{
    Fault, LearningEventId, Page, PageRequest, PortError, PortResult, SessionId, Timestamp, UserId,
    VoiceSessionId, Zone,
};
use objects::Link;
use sessions::Stored;
use uuid::Uuid;
use voice::model::{CallRequest, ToolSpec};
use voice::{
    Append, ContextEntry, Desk, Recorded, Recording, Recordings, Seat, SeatError, TalkState,
    ToolOutcome, ToolResult, Track, Turn, VoiceClose, VoiceOpening, VoiceSession, VoiceStore,
};

#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) kept: Mutex<Kept>,
}

#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) sessions: Vec<VoiceSession>,
    pub(crate) turns: Vec<Turn>,
    pub(crate) sound: Vec<(Track, usize)>,
    pub(crate) finished: usize,
    pub(crate) talked: TimeDelta,
    /// So many writes fail first.
    pub(crate) failures: u32,
    /// The user is erased: nothing is written any more.
    pub(crate) is_erased: bool,
    /// How often an erased user's turns were offered.
    pub(crate) refusals: u32,
}

#[async_trait]
impl VoiceStore for Memory {
    async fn open(&self, opening: &VoiceOpening) -> PortResult<Stored> {
        self.kept
            .lock()
            .unwrap()
            .sessions
            .push(opening.session.clone());
        Ok(Stored::New)
    }

    async fn append(&self, append: &Append) -> PortResult<()> {
        let mut kept = self.kept.lock().unwrap();
        if kept.is_erased {
            kept.refusals += 1;
            return Err(PortError::bare(Fault::Gone, "append turns"));
        }
        if kept.failures > 0 {
            kept.failures -= 1;
            return Err(PortError::bare(Fault::Unavailable, "append turns"));
        }
        for new in &append.turns {
            if kept.turns.iter().all(|turn| turn.index != new.turn.index) {
                kept.turns.push(new.turn.clone());
            }
        }
        kept.turns.sort_by_key(|turn| turn.index);
        if let Some(session) = kept.sessions.iter_mut().find(|s| s.id == append.id) {
            session.usage = append.usage;
        }
        Ok(())
    }

    async fn close(&self, close: &VoiceClose) -> PortResult<Stored> {
        let mut kept = self.kept.lock().unwrap();
        if let Some(session) = kept.sessions.iter_mut().find(|s| s.id == close.id) {
            let (at, reason) = (close.at, close.reason.clone());
            session.state = TalkState::Ended { at, reason };
        }
        Ok(Stored::New)
    }

    async fn find(&self, user: UserId, id: VoiceSessionId) -> PortResult<Option<VoiceSession>> {
        let kept = self.kept.lock().unwrap();
        Ok(kept
            .sessions
            .iter()
            .find(|s| s.id == id && s.user == user)
            .cloned())
    }

    async fn turns(
        &self,
        _: UserId,
        _: VoiceSessionId,
        from: u32,
        limit: u16,
    ) -> PortResult<Vec<Turn>> {
        let kept = self.kept.lock().unwrap();
        let turns = kept.turns.iter().filter(|turn| turn.index >= from);
        Ok(turns.take(limit.into()).cloned().collect())
    }

    async fn list(
        &self,
        _: UserId,
        _: Option<SessionId>,
        _: PageRequest,
    ) -> PortResult<Page<VoiceSession>> {
        let items = self.kept.lock().unwrap().sessions.clone();
        Ok(Page { items, next: None })
    }

    async fn talked(&self, _: UserId, _: Timestamp) -> PortResult<TimeDelta> {
        Ok(self.kept.lock().unwrap().talked)
    }

    async fn abandoned(&self, before: Timestamp, _: u16) -> PortResult<Vec<VoiceSession>> {
        let kept = self.kept.lock().unwrap();
        let old = |state: &TalkState| match state {
            TalkState::Open { last_seen_at } => *last_seen_at < before,
            TalkState::Ended { .. } => false,
        };
        Ok(kept
            .sessions
            .iter()
            .filter(|s| old(&s.state))
            .cloned()
            .collect())
    }
}

/// Recordings of which only the lengths are kept.
pub(crate) struct Tape(pub(crate) Arc<Memory>);

#[async_trait]
impl Recordings for Tape {
    async fn begin(&self, _: VoiceSessionId) -> PortResult<Box<dyn Recording>> {
        Ok(Box::new(Self(self.0.clone())))
    }

    async fn recover(&self, _: u16) -> PortResult<Vec<VoiceSessionId>> {
        Ok(Vec::new())
    }

    async fn links(
        &self,
        _: VoiceSessionId,
        _: Timestamp,
        _: Duration,
    ) -> PortResult<Vec<(Track, Link)>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Recording for Tape {
    fn append(&mut self, track: Track, pcm: &[u8]) {
        self.0.kept.lock().unwrap().sound.push((track, pcm.len()));
    }

    async fn finish(self: Box<Self>) -> PortResult<Recorded> {
        self.0.kept.lock().unwrap().finished += 1;
        Ok(Recorded::default())
    }
}

/// A desk with one session and one tool that works.
pub(crate) struct BareDesk {
    pub(crate) session: SessionId,
}

#[async_trait]
impl Desk for BareDesk {
    async fn sit_down(&self, _: UserId, session: Option<SessionId>) -> Result<Seat, SeatError> {
        if session.is_some_and(|id| id != self.session) {
            return Err(SeatError::NotFound);
        }
        Ok(Seat {
            session: self.session,
            zone: Zone::UTC,
        })
    }

    async fn seen(&self, _: UserId, _: SessionId, _: u16) -> PortResult<Vec<ContextEntry>> {
        Ok(Vec::new())
    }

    async fn picture(&self, _: UserId, _: LearningEventId) -> PortResult<Option<ContextEntry>> {
        Ok(None)
    }

    fn tools(&self) -> &'static [ToolSpec] {
        &[]
    }

    async fn run(&self, _: UserId, _: SessionId, call: CallRequest) -> ToolResult {
        let CallRequest { call, name, .. } = call;
        let (output, outcome) = ("{}".to_owned(), ToolOutcome::Done);
        ToolResult {
            call,
            name,
            output,
            outcome,
        }
    }
}

impl Default for BareDesk {
    fn default() -> Self {
        Self {
            session: Uuid::from_u128(1).into(),
        }
    }
}
