//! Taking over what was said of the picture before.
//!
//! Only what the model that is asked first has said of the same user's last picture in the same
//! session is taken over, and only for a while. It is compared with the picture the model has seen,
//! never with one that was itself taken for a repeat: so views cannot drift away step by step. What
//! is known lives in this process alone; another process, or this one after a restart, asks the model
//! once more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{SessionId, Timestamp, UserId};
use objects::ObjectKey;

use crate::likeness::{SceneComparer, Signature};
use crate::memory::{Memory, Seen};
use crate::model::{ModelError, Sighting};
use crate::vision::{Accepted, Vision};

/// How long and how much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReuseRules {
    /// After this time a model looks again, both by the server's clock and by capture times.
    pub max_age: Duration,
    /// The most memory for all sessions together, in bytes.
    pub max_bytes: usize,
}

impl Default for ReuseRules {
    /// 5 min, 64 MiB: about 1100 sessions.
    fn default() -> Self {
        Self {
            max_age: Duration::from_mins(5),
            max_bytes: 64 << 20,
        }
    }
}

/// What models have said of the last picture of each session.
pub(crate) struct Reuse {
    comparer: Arc<dyn SceneComparer>,
    rules: ReuseRules,
    memory: Mutex<Memory>,
}

/// A picture that may show what the last one showed.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) object: ObjectKey,
    pub(crate) signature: Signature,
    pub(crate) captured_at: Timestamp,
    pub(crate) received_at: Timestamp,
}

/// What is said of a picture, and who says it.
#[derive(Debug, Clone)]
pub(crate) enum Insight {
    /// The model that is asked first.
    First(Sighting),
    /// Another model of the chain.
    Fallback(Sighting),
    /// What was said of the picture before.
    Reused(Sighting),
}

impl Insight {
    pub(crate) const fn is_reused(&self) -> bool {
        matches!(self, Self::Reused(_))
    }

    pub(crate) fn sighting(self) -> Sighting {
        match self {
            Self::First(sighting) | Self::Fallback(sighting) | Self::Reused(sighting) => sighting,
        }
    }
}

impl Vision {
    /// The same, taking over what was said of the picture before where it shows the same view.
    #[must_use]
    pub fn reusing(self, comparer: Arc<dyn SceneComparer>, rules: ReuseRules) -> Self {
        let reuse = Reuse {
            comparer,
            rules,
            memory: Mutex::default(),
        };
        Self {
            reuse: Some(Arc::new(reuse)),
            ..self
        }
    }

    /// What is to be said of a picture: what was said of the one before if it shows the same view, else
    /// what a model says.
    pub(crate) async fn insight(
        &self,
        moment: &Moment,
        image: &Accepted,
    ) -> Result<Insight, ModelError> {
        if let Some(reuse) = &self.reuse
            && let Some(sighting) = reuse.recognised(moment).await
        {
            return Ok(Insight::Reused(sighting));
        }
        self.look(moment.user, image).await
    }

    /// Keeps what the first model has said for the pictures that follow. What another one has said
    /// while the first failed is not kept: the next picture asks the first again.
    pub(crate) fn remember(&self, moment: Moment, insight: Insight) {
        if let (Some(reuse), Insight::First(sighting)) = (&self.reuse, insight) {
            reuse.remember(moment, sighting);
        }
    }
}

impl Reuse {
    async fn recognised(&self, moment: &Moment) -> Option<Sighting> {
        let seen = self.memory().last(moment.user, moment.session)?;
        if !self.is_fresh(&seen, moment) || seen.object == moment.object {
            return None;
        }
        let likeness = self
            .comparer
            .compare(moment.signature.clone(), seen.signature);
        match likeness.await {
            Ok(likeness) => likeness.is_same_view().then_some(seen.sighting),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "pictures could not be compared, the model is asked"
                );
                None
            }
        }
    }

    /// Pictures of hours may be sent within minutes, so capture times count as well.
    fn is_fresh(&self, seen: &Seen, moment: &Moment) -> bool {
        let apart = |a: Timestamp, b: Timestamp| (a - b).abs().to_std().unwrap_or(Duration::MAX);
        apart(moment.received_at, seen.received_at) <= self.rules.max_age
            && apart(moment.captured_at, seen.captured_at) <= self.rules.max_age
    }

    fn remember(&self, moment: Moment, sighting: Sighting) {
        if is_poor(&sighting) {
            return;
        }
        let Moment {
            user,
            session,
            object,
            signature,
            captured_at,
            received_at,
        } = moment;
        let seen = Seen {
            object,
            signature,
            sighting,
            captured_at,
            received_at,
        };
        let mut memory = self.memory();
        memory.forget_before(received_at - self.rules.max_age);
        memory.keep((user, session), seen, self.rules.max_bytes);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Study material of which nothing could be read is worth another look.
fn is_poor(sighting: &Sighting) -> bool {
    let content = &sighting.content;
    content.is_studying && content.extracted_text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use chrono::TimeDelta;
    use futures_util::FutureExt;
    use kernel::{Fault, PortError, PortResult};
    use sessions::ContentAnalysis;
    use uuid::Uuid;

    use super::*;
    use crate::likeness::Likeness;

    /// Equal signatures show the same; an empty one cannot be compared.
    struct Equal;

    #[async_trait]
    impl SceneComparer for Equal {
        async fn compare(&self, now: Signature, before: Signature) -> PortResult<Likeness> {
            if now.bytes().is_empty() {
                return Err(PortError::bare(Fault::Unavailable, "compare"));
            }
            Ok(Likeness {
                agreeing: if now == before { 100 } else { 0 },
                typical: 1.0,
                ..Likeness::default()
            })
        }
    }

    fn reuse() -> Reuse {
        Reuse {
            comparer: Arc::new(Equal),
            rules: ReuseRules::default(),
            memory: Mutex::default(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// Picture `number` of a session, which shows `view`.
    fn picture(number: u8, view: &str) -> Moment {
        let (user, time) = (UserId::from_name("ada"), at(i64::from(number) * 3));
        Moment {
            user,
            session: Uuid::from_u128(1).into(),
            object: ObjectKey::upload(user, time, Uuid::from_u128(number.into()), "jpg"),
            signature: Signature::new(view.as_bytes().to_vec()),
            captured_at: time,
            received_at: time,
        }
    }

    fn says(text: &str) -> Sighting {
        Sighting {
            content: ContentAnalysis {
                is_studying: true,
                is_active: true,
                is_distracted: false,
                topic: None,
                subtopic: None,
                extracted_text: text.to_owned(),
            },
            model: "a-model".to_owned(),
        }
    }

    #[track_caller]
    fn check(reuse: &Reuse, moment: &Moment, expected: Option<&str>) {
        let sighting = reuse.recognised(moment).now_or_never().unwrap();
        let text = sighting.map(|sighting| sighting.content.extracted_text);
        assert_eq!(text.as_deref(), expected);
    }

    #[test]
    fn the_same_view_is_recognised_and_another_is_not() {
        let reuse = reuse();
        check(&reuse, &picture(0, "a"), None);
        reuse.remember(picture(0, "a"), says("page a"));
        check(&reuse, &picture(1, "a"), Some("page a"));
        check(&reuse, &picture(2, "b"), None);
        reuse.remember(picture(2, "b"), says("page b"));
        check(&reuse, &picture(3, "a"), None);
    }

    #[test]
    fn nothing_is_taken_over_from_another_session_or_user() {
        let reuse = reuse();
        reuse.remember(picture(0, "a"), says("page a"));
        let session = Uuid::from_u128(2).into();
        check(
            &reuse,
            &Moment {
                session,
                ..picture(1, "a")
            },
            None,
        );
        let user = UserId::from_name("bob");
        check(
            &reuse,
            &Moment {
                user,
                ..picture(1, "a")
            },
            None,
        );
    }

    #[test]
    fn after_five_minutes_by_either_clock_the_model_looks_again() {
        let reuse = reuse();
        reuse.remember(picture(0, "a"), says("page a"));
        let later = picture(1, "a");
        check(
            &reuse,
            &Moment {
                received_at: at(300),
                ..later.clone()
            },
            Some("page a"),
        );
        check(
            &reuse,
            &Moment {
                received_at: at(301),
                ..later.clone()
            },
            None,
        );
        check(
            &reuse,
            &Moment {
                captured_at: at(-301),
                ..later
            },
            None,
        );
    }

    #[test]
    fn the_same_stored_picture_asked_for_again_is_looked_at_again() {
        let reuse = reuse();
        reuse.remember(picture(0, "a"), says("page a"));
        check(&reuse, &picture(0, "a"), None);
    }

    #[test]
    fn a_page_of_which_nothing_was_read_is_not_kept() {
        let reuse = reuse();
        reuse.remember(picture(0, "a"), says(" "));
        check(&reuse, &picture(1, "a"), None);
    }

    #[test]
    fn pictures_that_cannot_be_compared_go_to_the_model() {
        let reuse = reuse();
        reuse.remember(picture(0, ""), says("page a"));
        check(&reuse, &picture(1, ""), None);
    }
}
