//! Ids for what a request writes.

use std::sync::Arc;

use kernel::{Ids, Timestamp};
use ledger::Attempt;
use uuid::Uuid;

/// What a request makes an id for. The numbers stay what they are: an attempt may be followed by
/// one of a newer server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The thing itself.
    Thing = 1,
    /// The entry that tells of it.
    Entry = 2,
}

/// Makes ids; those of a request that may come again are the same at each attempt, so that what
/// one has written is found by the next and not written twice.
#[derive(Clone)]
pub(crate) struct Making {
    ids: Arc<dyn Ids>,
    attempt: Option<Attempt>,
}

impl Making {
    pub(crate) fn new(ids: Arc<dyn Ids>) -> Self {
        let attempt = None;
        Self { ids, attempt }
    }

    pub(crate) fn attempting(self, attempt: Option<Attempt>) -> Self {
        Self { attempt, ..self }
    }

    pub(crate) fn id(&self, part: Part, at: Timestamp) -> Uuid {
        let same = self.attempt.map(|attempt| attempt.work.part(part as u8));
        same.unwrap_or_else(|| self.ids.next(at))
    }

    /// Whether an attempt before may have done the work.
    pub(crate) fn is_repeated(&self) -> bool {
        self.attempt.is_some_and(|attempt| attempt.again)
    }
}
