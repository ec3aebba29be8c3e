//! One sitting of study.

use kernel::{Date, SessionId, Timestamp, UserId, Zone, local_date};

/// Whether a session is still going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The student is studying.
    Active,
    /// It ended at this time.
    Ended(Timestamp),
}

/// A session as it is kept. Its days are those of the zone the user had when it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When it started.
    pub started_at: Timestamp,
    /// The user's time zone at the start.
    pub zone: Zone,
    /// Active or ended.
    pub state: SessionState,
    /// The newest time at which an event of it was captured or received; the start while there is
    /// none. An upload of pictures taken offline is activity too.
    pub last_activity_at: Timestamp,
}

impl Session {
    /// A session that starts now.
    pub fn start(id: SessionId, user: UserId, at: Timestamp, zone: Zone) -> Self {
        Self {
            id,
            user,
            started_at: at,
            zone,
            state: SessionState::Active,
            last_activity_at: at,
        }
    }

    /// The same session ended at `at`, not before it started; `None` if it has ended already.
    #[must_use]
    pub fn end(&self, at: Timestamp) -> Option<Self> {
        let ended_at = at.max(self.started_at);
        match self.state {
            SessionState::Ended(_) => None,
            SessionState::Active => Some(Self {
                state: SessionState::Ended(ended_at),
                ..self.clone()
            }),
        }
    }

    /// The local day it belongs to.
    pub fn date(&self) -> Date {
        local_date(self.started_at, self.zone)
    }

    /// When it ended, if it has.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self.state {
            SessionState::Active => None,
            SessionState::Ended(at) => Some(at),
        }
    }
}
