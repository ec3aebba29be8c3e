//! What a job is.

use std::fmt;

use kernel::{JobId, Timestamp, UserId, WorkId, Zone};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be done, by name. The name is stored and never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(String);

impl Kind {
    /// The kind of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// On whose behalf a job is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The user, whose log tells that the job was accepted and that it ended.
    pub user: UserId,
    /// Their time zone when it was accepted.
    pub zone: Zone,
}

/// A job to be accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Accepting the same id again changes nothing.
    pub id: JobId,
    /// What is to be done.
    pub kind: Kind,
    /// For whom; nobody for the server's own work.
    pub owner: Option<Owner>,
    /// Of several jobs of a kind with the same key only one is unfinished at any time.
    pub unique_key: Option<String>,
    /// What the handler needs to know, with a version of its own.
    pub payload: Value,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When it may be begun.
    pub due_at: Timestamp,
}

impl NewJob {
    /// A job that may be begun at once.
    pub fn now(id: JobId, kind: Kind, payload: Value, at: Timestamp) -> Self {
        Self {
            id,
            kind,
            owner: None,
            unique_key: None,
            payload,
            accepted_at: at,
            due_at: at,
        }
    }

    /// The same, on behalf of a user.
    #[must_use]
    pub fn owned_by(self, owner: Owner) -> Self {
        let owner = Some(owner);
        Self { owner, ..self }
    }

    /// The same; not accepted while another one with this key is unfinished.
    #[must_use]
    pub fn once(self, key: impl Into<String>) -> Self {
        let unique_key = Some(key.into());
        Self { unique_key, ..self }
    }
}

/// How far a job has come, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Percent(u8);

impl Percent {
    /// All of it.
    pub const ALL: Self = Self(100);

    /// So many hundredths; more than 100 count as 100.
    pub fn new(hundredths: u8) -> Self {
        Self(hundredths.min(100))
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A short word of the handler's, in lower case, to branch on.
    pub code: String,
    /// Words for operators; nothing of what users wrote or photographed.
    pub message: String,
    /// More, for some codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

impl Reason {
    /// Workers died over it until no attempt was left.
    pub const WORKER_LOST: &str = "worker_lost";
    /// The handler panicked.
    pub const PANICKED: &str = "panicked";
    /// The handler took longer than its limit.
    pub const TOO_LONG: &str = "too_long";
    /// The payload is not of a shape this build knows.
    pub const UNREADABLE: &str = "unreadable";

    /// A reason without details.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            details: None,
        }
    }
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq)]
pub enum JobState {
    /// Nobody works on it.
    Waiting {
        /// When it may be begun.
        due_at: Timestamp,
        /// Why the attempt before failed, if there was one.
        last: Option<Reason>,
    },
    /// A worker has it, or has died with it.
    Running,
    /// It is done.
    Done {
        /// What came of it.
        result: Value,
        /// When.
        at: Timestamp,
    },
    /// It will not be tried again by itself.
    Failed {
        /// Why.
        reason: Reason,
        /// When.
        at: Timestamp,
    },
}

/// A stored job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: Kind,
    /// For whom.
    pub owner: Option<Owner>,
    /// What the handler needs to know.
    pub payload: Value,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How often it was begun.
    pub attempts: u32,
    /// How far it has come.
    pub progress: Percent,
    /// Where it stands.
    pub state: JobState,
    /// What the work that accepted it is followed by through several systems, as its store noted
    /// it; means nothing here.
    pub trace: Option<String>,
}

impl Job {
    /// What its effects derive their ids from, the same at each attempt.
    pub const fn work(&self) -> WorkId {
        WorkId::new(self.id.uuid())
    }
}
