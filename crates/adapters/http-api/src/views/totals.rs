//! Study time in whole seconds.

use chrono::NaiveDate;
use serde::Serialize;
use topics::{DayStats, Stats, Totals};
use utoipa::ToSchema;

/// Study time of one topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopicTotalsView {
    /// Canonical topic.
    #[schema(example = "Bio")]
    topic: String,
    #[serde(flatten)]
    totals: TotalsView,
}

/// Study time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TotalsView {
    /// All time.
    #[schema(minimum = 0, example = 2700)]
    duration_sec: i64,
    /// The part of it in which the student was active.
    #[schema(minimum = 0, example = 1800)]
    active_sec: i64,
    /// The rest of it: `durationSec − activeSec`.
    #[schema(minimum = 0, example = 900)]
    passive_sec: i64,
    /// The part of it in which the student was distracted.
    #[schema(minimum = 0, example = 120)]
    distracted_sec: i64,
    /// How often attention turned to something else.
    #[schema(minimum = 0, example = 2)]
    num_distracted: i64,
}

/// Study time of one day per topic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayTopicsView {
    date: NaiveDate,
    topics: Vec<TopicTotalsView>,
}

/// Totals per topic, by name.
pub(crate) fn by_topic(stats: &Stats) -> Vec<TopicTotalsView> {
    let row = |(topic, totals): (topics::TopicName, Totals)| TopicTotalsView {
        topic: topic.to_string(),
        totals: totals.into(),
    };
    stats.by_topic().into_iter().map(row).collect()
}

/// Totals of all topics together.
pub(crate) fn sum(stats: &Stats) -> TotalsView {
    let mut sum = Totals::default();
    for (_, totals) in stats.iter() {
        sum += *totals;
    }
    sum.into()
}

impl From<Totals> for TotalsView {
    fn from(totals: Totals) -> Self {
        Self {
            duration_sec: totals.duration_sec(),
            active_sec: totals.active_sec(),
            passive_sec: totals.passive_sec(),
            distracted_sec: totals.distracted_sec(),
            num_distracted: totals.num_distracted,
        }
    }
}

impl From<DayStats> for DayTopicsView {
    fn from(day: DayStats) -> Self {
        let DayStats { date, stats } = day;
        Self {
            date,
            topics: by_topic(&stats),
        }
    }
}
