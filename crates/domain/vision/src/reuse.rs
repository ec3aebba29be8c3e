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

use crate::insight::{Insight, SaidBy};
use crate::likeness::{SceneComparer, Signature};
use crate::memory::{Memory, Seen};
use crate::model::{ModelError, Sighting};
use crate::ports::Held;
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

    /// Forgets the last pictures of a user in this process; tells how many there were.
    pub fn forget(&self, user: UserId) -> Held {
        let reuse = self.reuse.as_ref();
        reuse.map_or_else(Held::default, |reuse| reuse.memory().forget_user(user))
    }

    /// How many last pictures this process keeps. Those that are too old to be compared with are
    /// forgotten first, so asking now and then bounds how long a picture is remembered.
    pub fn remembered(&self) -> Held {
        let Some(reuse) = &self.reuse else {
            return Held::default();
        };
        let mut memory = reuse.memory();
        memory.forget_before(self.ports.clock.now() - reuse.rules.max_age);
        memory.held()
    }

    /// What is to be said of a picture: what was said of the one before if it shows the same view, else
    /// what a model says.
    pub(crate) async fn insight(
        &self,
        moment: &Moment,
        image: &Accepted,
    ) -> Result<Insight, ModelError> {
        if let Some(reuse) = &self.reuse
            && let Some(insight) = reuse.recognised(moment).await
        {
            return Ok(insight);
        }
        self.look_beside_witness(moment.user, image).await
    }

    /// Keeps what the first model has said for the pictures that follow. What another one has said
    /// while the first failed is not kept: the next picture asks the first again.
    pub(crate) fn remember(&self, moment: Moment, insight: Insight) {
        if let Some(reuse) = &self.reuse
            && insight.said_by == SaidBy::First
        {
            reuse.remember(moment, insight);
        }
    }
}

impl Reuse {
    async fn recognised(&self, moment: &Moment) -> Option<Insight> {
        let seen = self.memory().last(moment.user, moment.session)?;
        if !self.is_fresh(&seen, moment) || seen.object == moment.object {
            return None;
        }
        let likeness = self
            .comparer
            .compare(moment.signature.clone(), seen.signature);
        match likeness.await {
            Ok(likeness) => likeness.is_same_view().then_some(Insight {
                said_by: SaidBy::Before,
                ..seen.insight
            }),
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

    fn remember(&self, moment: Moment, insight: Insight) {
        if is_poor(&insight.sighting) {
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
            insight,
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

    fn says(text: &str) -> Insight {
        let sighting = Sighting {
            content: ContentAnalysis {
                is_studying: true,
                is_active: true,
                is_distracted: false,
                topic: None,
                subtopic: None,
                extracted_text: text.to_owned(),
            },
            model: "a-model".to_owned(),
        };
        Insight::new(SaidBy::First, sighting)
    }

    #[track_caller]
    fn check(reuse: &Reuse, moment: &Moment, expected: Option<&str>) {
        let insight = reuse.recognised(moment).now_or_never().unwrap();
        assert!(insight.as_ref().is_none_or(Insight::is_reused));
        let text = insight.map(|insight| insight.sighting.content.extracted_text);
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

    #[test]
    fn what_was_disputed_stays_so_when_it_is_taken_over() {
        let reuse = reuse();
        reuse.remember(picture(0, "a"), says("page a").compared_with(Some(false)));
        let picture = picture(1, "a");
        let again = reuse.recognised(&picture).now_or_never().unwrap();
        assert!(again.unwrap().text_disputed);
    }
}
