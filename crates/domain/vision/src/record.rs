//! Writing the event without making the answer wait.

use futures_util::future::{Either, select};
use kernel::{Fault, LearningEventId, PortError};
use sessions::NewLearningEvent;

use crate::error::AnalyzeError;
use crate::pending::PendingEvent;
use crate::vision::Vision;

/// What became of an event in the time the answer waits for it.
enum Outcome {
    Written,
    NotYet,
    Gone(PortError),
}

impl Vision {
    /// Writes the event. The id is returned if the database confirms it within
    /// [`crate::VisionRules::confirm_within`]; else the event is kept in the journal first and
    /// written later with the same id. Fails only when neither takes it, or the user was erased
    /// meanwhile: then it is kept nowhere.
    pub(crate) async fn record(
        &self,
        new: NewLearningEvent,
    ) -> Result<Option<LearningEventId>, AnalyzeError> {
        let news = self.news(&new.event);
        let recorded = self.keep_event(new).await?;
        if let Some(news) = news {
            news.tell(self.ports.tasks.as_ref());
        }
        Ok(recorded)
    }

    async fn keep_event(
        &self,
        new: NewLearningEvent,
    ) -> Result<Option<LearningEventId>, AnalyzeError> {
        let id = new.event.id;
        match self.confirmed_in_time(new.clone()).await {
            Outcome::Written => return Ok(Some(id)),
            Outcome::Gone(gone) => return Err(AnalyzeError::Storage(gone)),
            Outcome::NotYet => {}
        }
        self.ports
            .journal
            .append(&PendingEvent(new))
            .await
            .map_err(AnalyzeError::Storage)?;
        tracing::warn!(event_id = %id, "event not confirmed by the database, kept in the journal");
        Ok(None)
    }

    async fn confirmed_in_time(&self, new: NewLearningEvent) -> Outcome {
        let (confirm, confirmation) = futures_channel::oneshot::channel();
        let vision = self.clone();
        let write = async move {
            let outcome = vision.write(&new).await;
            let is_written = matches!(outcome, Outcome::Written);
            // The answer may have gone out already; the journal then holds the event.
            let answered = confirm.send(outcome).is_err();
            tracing::debug!(event_id = %new.event.id, is_written, answered, "event write finished");
            if is_written {
                vision.catch_up(&new).await;
            }
        };
        self.ports
            .tasks
            .spawn("record learning event", Box::pin(write));
        let patience = self.ports.timer.sleep(self.rules.confirm_within);
        match select(confirmation, patience).await {
            Either::Left((outcome, _)) => outcome.unwrap_or(Outcome::NotYet),
            Either::Right(((), _)) => Outcome::NotYet,
        }
    }

    async fn write(&self, new: &NewLearningEvent) -> Outcome {
        let Err(error) = self.ports.events.record(new, &new.entries()).await else {
            return Outcome::Written;
        };
        tracing::warn!(event_id = %new.event.id, error = &error as &dyn std::error::Error,
            "event could not be written");
        if error.fault() == Fault::Gone {
            Outcome::Gone(error)
        } else {
            Outcome::NotYet
        }
    }

    /// Keeps reads cheap; a read would otherwise do it.
    async fn catch_up(&self, new: &NewLearningEvent) {
        if let Err(error) = self.ports.topics.catch_up(new.event.user).await {
            tracing::warn!(user_id = %new.event.user, error = &error as &dyn std::error::Error,
                "projection lags behind");
        }
    }
}
