//! Who is asked, first to last, and who is left alone for a while.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::Timestamp;
use patience::{Breaker, BreakerRules, Standing};

use crate::model::{ModelError, VisionModel};

/// How a chain shares its time and when it leaves a model alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRules {
    /// What all models together may take for one image.
    pub within: Duration,
    /// When one of them is left alone.
    pub breaker: BreakerRules,
}

impl Default for ChainRules {
    /// 20 s.
    fn default() -> Self {
        Self {
            within: Duration::from_secs(20),
            breaker: BreakerRules::default(),
        }
    }
}

/// Models in the order they are asked, each behind a breaker.
pub struct Chain {
    rules: ChainRules,
    links: Vec<Link>,
}

/// One model of the chain.
pub(crate) struct Link {
    pub(crate) model: Arc<dyn VisionModel>,
    breaker: Mutex<Breaker>,
}

impl From<Vec<Arc<dyn VisionModel>>> for Chain {
    fn from(models: Vec<Arc<dyn VisionModel>>) -> Self {
        Self::new(models, ChainRules::default())
    }
}

impl Chain {
    /// A chain of these models, first to last.
    pub fn new(models: Vec<Arc<dyn VisionModel>>, rules: ChainRules) -> Self {
        let link = |model| Link {
            model,
            breaker: Mutex::new(Breaker::new(rules.breaker)),
        };
        Self {
            rules,
            links: models.into_iter().map(link).collect(),
        }
    }

    /// Each model's name and how it stands, in order.
    pub fn standings(&self) -> Vec<(&'static str, Standing)> {
        let told = |link: &Link| (link.model.name(), link.breaker().standing());
        self.links.iter().map(told).collect()
    }

    pub(crate) fn first(&self) -> Option<&dyn VisionModel> {
        self.links.first().map(|link| link.model.as_ref())
    }

    /// Whether it is the one the operator meant to use.
    pub(crate) fn is_first(&self, link: &Link) -> bool {
        let first = self.links.first();
        first.is_some_and(|first| std::ptr::eq(first, link))
    }

    /// One image's way through the chain.
    pub(crate) fn round(&self, begun: Timestamp) -> Round<'_> {
        Round {
            within: self.rules.within,
            begun,
            links: &self.links,
            next: 0,
            left_alone: VecDeque::new(),
        }
    }
}

impl Link {
    /// What its breaker learns from a call. An answer that is of no use is an answer all the same:
    /// another image may do better.
    pub(crate) fn learns<T>(&self, now: Timestamp, outcome: &Result<T, ModelError>) {
        let mut breaker = self.breaker();
        let before = breaker.standing();
        match outcome {
            Ok(_) | Err(ModelError::BadOutput(_)) => breaker.succeeded(now),
            Err(ModelError::RateLimited { retry_after }) => breaker.failed(now, *retry_after),
            Err(ModelError::Unavailable(_) | ModelError::Timeout) => breaker.failed(now, None),
        }
        let after = breaker.standing();
        drop(breaker);
        if before != after {
            tracing::warn!(
                provider = self.model.name(),
                ?before,
                ?after,
                "breaker of vision"
            );
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The models still to be asked for one image: first those that are not left alone, then, since
/// nobody else has answered, those that are.
pub(crate) struct Round<'a> {
    within: Duration,
    begun: Timestamp,
    links: &'a [Link],
    next: usize,
    left_alone: VecDeque<&'a Link>,
}

impl<'a> Round<'a> {
    /// Who is asked next and how long it may take; `None` when all were asked or the time is up.
    /// Half of the time left is kept for those that follow, so that one that hangs does not take
    /// all of it; the last one may take what is left.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<(&'a Link, Duration)> {
        let left = self.left(now);
        if left.is_zero() {
            return None;
        }
        let (link, followed) = self.next_regular(now).or_else(|| self.next_left_alone())?;
        let share = if followed { left / 2 } else { left };
        Some((link, share))
    }

    /// With whether others follow; those that are left alone are not waited for.
    fn next_regular(&mut self, now: Timestamp) -> Option<(&'a Link, bool)> {
        while let Some(link) = self.links.get(self.next) {
            self.next += 1;
            if link.breaker().admit(now) {
                let later = self.links.get(self.next..).unwrap_or_default();
                let is_asked = |link: &Link| link.breaker().standing() != Standing::Open;
                return Some((link, later.iter().any(is_asked)));
            }
            self.left_alone.push_back(link);
        }
        None
    }

    fn next_left_alone(&mut self) -> Option<(&'a Link, bool)> {
        let link = self.left_alone.pop_front()?;
        Some((link, !self.left_alone.is_empty()))
    }

    fn left(&self, now: Timestamp) -> Duration {
        let spent = (now - self.begun).to_std().unwrap_or_default();
        self.within.saturating_sub(spent)
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use chrono::TimeDelta;

    use super::*;
    use crate::image::ViewSpec;
    use crate::model::{ImageInput, Sighting};

    struct Named(&'static str);

    #[async_trait]
    impl VisionModel for Named {
        fn name(&self) -> &'static str {
            self.0
        }

        fn view(&self) -> ViewSpec {
            ViewSpec::Jpeg { max_side: 1 }
        }

        async fn analyze(&self, _: &ImageInput) -> Result<Sighting, ModelError> {
            Err(ModelError::Timeout)
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_763_719_200 + seconds, 0).unwrap()
    }

    fn chain(names: &[&'static str]) -> Chain {
        let model = |name: &&'static str| Arc::new(Named(name)) as Arc<dyn VisionModel>;
        names.iter().map(model).collect::<Vec<_>>().into()
    }

    fn fail(chain: &Chain, place: usize) {
        for _ in 0..5 {
            chain.links[place].learns(at(0), &Err::<(), _>(ModelError::Timeout));
        }
    }

    /// Who is asked and for how many milliseconds, each taking its whole share.
    fn hanging(chain: &Chain) -> Vec<(&'static str, u128)> {
        let (mut now, mut asked) = (at(1), Vec::new());
        let mut round = chain.round(now);
        while let Some((link, share)) = round.next(now) {
            asked.push((link.model.name(), share.as_millis()));
            now += TimeDelta::from_std(share).unwrap();
        }
        asked
    }

    #[test]
    fn each_leaves_half_of_the_time_to_those_that_follow() {
        assert_eq!(hanging(&chain(&["a"])), [("a", 20_000)]);
        assert_eq!(
            hanging(&chain(&["a", "b", "c"])),
            [("a", 10_000), ("b", 5_000), ("c", 5_000)]
        );
    }

    #[test]
    fn one_that_is_left_alone_is_passed_over_while_another_answers() {
        let chain = chain(&["a", "b"]);
        fail(&chain, 0);
        let mut round = chain.round(at(1));
        let (link, share) = round.next(at(1)).unwrap();
        assert_eq!((link.model.name(), share.as_secs()), ("b", 20));
        assert_eq!(
            chain.standings(),
            [("a", Standing::Open), ("b", Standing::Closed)]
        );
    }

    #[test]
    fn one_that_is_left_alone_is_asked_when_nobody_else_has_answered() {
        let chain = chain(&["a", "b"]);
        fail(&chain, 0);
        let mut round = chain.round(at(1));
        let asked: Vec<_> = std::iter::from_fn(|| round.next(at(3)))
            .map(|(link, _)| link.model.name())
            .collect();
        assert_eq!(asked, ["b", "a"]);
    }

    #[test]
    fn when_all_are_left_alone_all_are_asked_all_the_same() {
        let chain = chain(&["a", "b"]);
        fail(&chain, 0);
        fail(&chain, 1);
        assert_eq!(hanging(&chain), [("a", 10_000), ("b", 10_000)]);
    }

    #[test]
    fn an_answer_of_no_use_does_not_count_against_the_provider() {
        let chain = chain(&["a"]);
        for _ in 0..9 {
            let refused = ModelError::BadOutput("refused".to_owned());
            chain.links[0].learns(at(0), &Err::<(), _>(refused));
        }
        assert_eq!(chain.standings(), [("a", Standing::Closed)]);
    }

    #[test]
    fn an_empty_chain_asks_nobody() {
        assert_eq!(hanging(&chain(&[])), []);
    }
}
