//! Who else wants to hear of analyzed images.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{PortResult, Tasks};
use sessions::LearningEvent;

use crate::vision::Vision;

/// Hears of each analyzed image as soon as its event is stored, or waits in the journal.
#[async_trait]
pub trait EventWatcher: Send + Sync {
    /// Called in a task of its own: no answer waits for it, a failure is logged and changes
    /// nothing. Events that come close together may be told in any order.
    async fn analyzed(&self, event: &LearningEvent) -> PortResult<()>;
}

impl Vision {
    /// The same with somebody who hears of each analyzed image.
    #[must_use]
    pub fn watched_by(self, watcher: Arc<dyn EventWatcher>) -> Self {
        let watcher = Some(watcher);
        Self { watcher, ..self }
    }

    /// Whom to tell of this event, once it is kept.
    pub(crate) fn news(&self, event: &LearningEvent) -> Option<News> {
        let watcher = self.watcher.clone()?;
        let event = event.clone();
        Some(News { watcher, event })
    }
}

/// What is to be told.
pub(crate) struct News {
    watcher: Arc<dyn EventWatcher>,
    event: LearningEvent,
}

impl News {
    pub(crate) fn tell(self, tasks: &dyn Tasks) {
        let Self { watcher, event } = self;
        let telling = async move {
            if let Err(error) = watcher.analyzed(&event).await {
                tracing::warn!(event_id = %event.id, error = &error as &dyn std::error::Error,
                    "an analyzed image could not be told of");
            }
        };
        tasks.spawn("tell of analyzed image", Box::pin(telling));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;
    use kernel::{Fault, LearningEventId, PortError, Task, Timestamp, UserId};
    use objects::ObjectKey;
    use sessions::ContentAnalysis;
    use topics::TopicName;
    use uuid::Uuid;

    use super::*;

    /// Keeps what it is given for later.
    #[derive(Default)]
    struct Later(Mutex<Vec<Task>>);

    impl Tasks for Later {
        fn spawn(&self, _: &'static str, task: Task) {
            self.0.lock().unwrap().push(task);
        }
    }

    /// Writes down what it hears, and fails.
    #[derive(Default)]
    struct Fails(Mutex<Vec<LearningEventId>>);

    #[async_trait]
    impl EventWatcher for Fails {
        async fn analyzed(&self, event: &LearningEvent) -> PortResult<()> {
            self.0.lock().unwrap().push(event.id);
            Err(PortError::bare(Fault::Unavailable, "hear"))
        }
    }

    fn event() -> LearningEvent {
        let (user, at) = (UserId::from_name("ada"), Timestamp::UNIX_EPOCH);
        LearningEvent {
            id: Uuid::from_u128(1).into(),
            session: Uuid::from_u128(2).into(),
            user,
            object: ObjectKey::upload(user, at, Uuid::from_u128(3), "jpg"),
            captured_at: at,
            received_at: at,
            content: ContentAnalysis {
                is_studying: true,
                is_active: true,
                is_distracted: false,
                topic: None,
                subtopic: None,
                extracted_text: String::new(),
            },
            topic: TopicName::stored("Bio"),
            model: "a-model".to_owned(),
            reused: false,
            text_disputed: false,
        }
    }

    #[test]
    fn a_watcher_is_told_in_a_task_of_its_own_and_its_failure_ends_there() {
        let (tasks, watcher) = (Later::default(), Arc::new(Fails::default()));
        let (event, heard) = (event(), watcher.clone());
        let news = News {
            watcher,
            event: event.clone(),
        };
        news.tell(&tasks);
        assert!(heard.0.lock().unwrap().is_empty(), "somebody waited for it");
        for task in tasks.0.lock().unwrap().drain(..) {
            task.now_or_never().unwrap();
        }
        assert_eq!(*heard.0.lock().unwrap(), [event.id]);
    }
}
