//! Time per day and topic.

use std::collections::BTreeMap;

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::TopicName;

/// What a total is kept for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatKey {
    /// The local day.
    pub date: Date,
    /// The topic.
    pub topic: TopicName,
}

/// Totals of one topic on one day. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// All time of the topic.
    pub duration_ms: i64,
    /// The part of it in which the student was active.
    pub active_ms: i64,
    /// The part of it in which the student was distracted.
    pub distracted_ms: i64,
    /// How often attention turned to distracted.
    pub num_distracted: i64,
}

impl Totals {
    /// Whole seconds of study, rounded down.
    pub const fn duration_sec(&self) -> i64 {
        self.duration_ms / 1000
    }

    /// Whole seconds of active study, rounded down.
    pub const fn active_sec(&self) -> i64 {
        self.active_ms / 1000
    }

    /// What is left of [`Self::duration_sec`] without [`Self::active_sec`], so that both add up.
    pub const fn passive_sec(&self) -> i64 {
        self.duration_sec() - self.active_sec()
    }

    /// Whole seconds of distraction, rounded down.
    pub const fn distracted_sec(&self) -> i64 {
        self.distracted_ms / 1000
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        let Self {
            duration_ms,
            active_ms,
            distracted_ms,
            num_distracted,
        } = other;
        self.duration_ms += duration_ms;
        self.active_ms += active_ms;
        self.distracted_ms += distracted_ms;
        self.num_distracted += num_distracted;
    }
}

/// Totals per day and topic, in that order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats(BTreeMap<StatKey, Totals>);

impl Stats {
    /// Adds to the totals of one day and topic; adding nothing still lists the topic.
    pub fn add(&mut self, date: Date, topic: &TopicName, totals: Totals) {
        *self
            .0
            .entry(StatKey {
                date,
                topic: topic.clone(),
            })
            .or_default() += totals;
    }

    /// Adds everything of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (key, totals) in other.iter() {
            self.add(key.date, &key.topic, *totals);
        }
    }

    /// All totals, by day and then topic.
    pub fn iter(&self) -> impl Iterator<Item = (&StatKey, &Totals)> {
        self.0.iter()
    }

    /// Totals per topic over all days.
    pub fn by_topic(&self) -> BTreeMap<TopicName, Totals> {
        let mut topics = BTreeMap::<TopicName, Totals>::new();
        for (key, totals) in self.iter() {
            *topics.entry(key.topic.clone()).or_default() += *totals;
        }
        topics
    }

    /// Only the totals of days from `first` to `last`, both included.
    #[must_use]
    pub fn between(&self, first: Date, last: Date) -> Self {
        let inside = self
            .iter()
            .filter(|(key, _)| (first..=last).contains(&key.date));
        Self(inside.map(|(key, totals)| (key.clone(), *totals)).collect())
    }
}

impl FromIterator<(StatKey, Totals)> for Stats {
    fn from_iter<I: IntoIterator<Item = (StatKey, Totals)>>(rows: I) -> Self {
        let mut stats = Self::default();
        for (key, totals) in rows {
            stats.add(key.date, &key.topic, totals);
        }
        stats
    }
}
