//! Writing the event without making the answer wait.

use futures_util::future::{Either, select};
use kernel::LearningEventId;
use sessions::NewLearningEvent;

use crate::error::AnalyzeError;
use crate::pending::PendingEvent;
use crate::vision::Vision;

impl Vision {
    /// Writes the event. The id is returned if the database confirms it within
    /// [`crate::VisionRules::confirm_within`]; else the event is kept in the journal first and
    /// written later with the same id. Fails only when neither takes it.
    pub(crate) async fn record(
        &self,
        new: NewLearningEvent,
    ) -> Result<Option<LearningEventId>, AnalyzeError> {
        let id = new.event.id;
        if self.confirmed_in_time(new.clone()).await {
            return Ok(Some(id));
        }
        self.ports
            .journal
            .append(&PendingEvent(new))
            .await
            .map_err(AnalyzeError::Storage)?;
        tracing::warn!(event_id = %id, "event not confirmed by the database, kept in the journal");
        Ok(None)
    }

    async fn confirmed_in_time(&self, new: NewLearningEvent) -> bool {
        let (confirm, confirmation) = futures_channel::oneshot::channel();
        let vision = self.clone();
        let write = async move {
            let written = vision.write(&new).await;
            // The answer may have gone out already; the journal then holds the event.
            let answered = confirm.send(written).is_err();
            tracing::debug!(event_id = %new.event.id, written, answered, "event write finished");
            if written {
                vision.catch_up(&new).await;
            }
        };
        self.ports
            .tasks
            .spawn("record learning event", Box::pin(write));
        let patience = self.ports.timer.sleep(self.rules.confirm_within);
        match select(confirmation, patience).await {
            Either::Left((written, _)) => written.unwrap_or(false),
            Either::Right(((), _)) => false,
        }
    }

    async fn write(&self, new: &NewLearningEvent) -> bool {
        let written = self.ports.events.record(new, &new.entries()).await;
        if let Err(error) = &written {
            tracing::warn!(event_id = %new.event.id, error = error as &dyn std::error::Error,
                "event could not be written");
        }
        written.is_ok()
    }

    /// Keeps reads cheap; a read would otherwise do it.
    async fn catch_up(&self, new: &NewLearningEvent) {
        if let Err(error) = self.ports.topics.catch_up(new.event.user).await {
            tracing::warn!(user_id = %new.event.user, error = &error as &dyn std::error::Error,
                "projection lags behind");
        }
    }
}
