//! What a request that comes again shares with its attempts before.

use kernel::{LearningEventId, Timestamp, UserId, WorkId};
use ledger::Attempt;
use objects::Link;
use sessions::LearningEvent;
use uuid::Uuid;

use crate::error::AnalyzeError;
use crate::vision::{Analyzed, StoredImage, Vision};

/// What an analysis makes an id for. The numbers stay what they are: an attempt may be followed
/// by one of a newer server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Session = 1,
    Object = 2,
    Event = 3,
    EventEntry = 4,
    SessionEntry = 5,
}

/// The ids that are the same at each attempt, if the request may come again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts(Option<Attempt>);

impl Parts {
    pub(crate) const fn of(attempt: Option<Attempt>) -> Self {
        Self(attempt)
    }

    pub(crate) fn id(&self, part: Part) -> Option<Uuid> {
        self.0.map(|attempt| attempt.work.part(part as u8))
    }

    /// The id with the time of the first attempt.
    pub(crate) fn dated(&self, part: Part) -> Option<(Uuid, Timestamp)> {
        let at = self.0.and_then(|attempt| attempt.work.begun_at())?;
        Some((self.id(part)?, at))
    }

    /// The work of attempts before this one.
    fn begun_before(&self) -> Option<WorkId> {
        let attempt = self.0.filter(|attempt| attempt.again)?;
        Some(attempt.work)
    }
}

impl Vision {
    /// What an attempt before has come to, if it got as far as the event. Its answer was lost.
    pub(crate) async fn analyzed_before(
        &self,
        user: UserId,
        parts: &Parts,
    ) -> Result<Option<Analyzed>, AnalyzeError> {
        let Some(work) = parts.begun_before() else {
            return Ok(None);
        };
        let id = LearningEventId::from(work.part(Part::Event as u8));
        // The journal first: an event leaves it only after the database has it.
        let waiting = self.ports.journal.read(id).await;
        let waiting = waiting.map_err(AnalyzeError::Storage)?;
        let waiting = waiting.map(|pending| pending.0.event);
        match waiting.filter(|event| event.user == user) {
            Some(event) => self.told(event, None).await.map(Some),
            None => self.written_before(user, id).await,
        }
    }

    /// What is in the database under this id, with a fresh link.
    pub(crate) async fn written_before(
        &self,
        user: UserId,
        id: LearningEventId,
    ) -> Result<Option<Analyzed>, AnalyzeError> {
        let written = self.ports.events.find(user, id).await;
        match written.map_err(sessions::SessionError::from)? {
            Some(event) => self.told(event, Some(id)).await.map(Some),
            None => Ok(None),
        }
    }

    async fn told(
        &self,
        event: LearningEvent,
        confirmed: Option<LearningEventId>,
    ) -> Result<Analyzed, AnalyzeError> {
        let link = self.link(&event.object, self.ports.clock.now()).await?;
        Ok(analyzed(event, link, confirmed))
    }
}

/// The answer that belongs to an event.
pub(crate) fn analyzed(
    event: LearningEvent,
    link: Link,
    confirmed: Option<LearningEventId>,
) -> Analyzed {
    let LearningEvent {
        id: _,
        session,
        user: _,
        object: key,
        captured_at: _,
        received_at,
        content,
        topic,
        model,
        reused,
        text_disputed,
    } = event;
    Analyzed {
        session,
        stored: StoredImage { key, link },
        content,
        topic,
        model,
        reused,
        text_disputed,
        event: confirmed,
        received_at,
    }
}
