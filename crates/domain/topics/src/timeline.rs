//! The fold: learning events of one session in, study time out.

use std::time::Duration;

use chrono::{Days, NaiveTime, TimeDelta, TimeZone};
use kernel::{LearningEventId, Timestamp, Zone, local_date};
use serde::{Deserialize, Serialize};

use crate::stats::{Stats, Totals};
use crate::{StatKey, TopicName};

/// How stretches between events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    max_gap: Option<TimeDelta>,
}

impl Rules {
    /// A stretch counts `max_gap` at most; zero sets no limit.
    pub fn new(max_gap: Duration) -> Self {
        let max_gap = TimeDelta::from_std(max_gap)
            .ok()
            .filter(|gap| !gap.is_zero());
        Self { max_gap }
    }

    /// The longest a stretch can count, if there is a limit.
    pub const fn max_gap(self) -> Option<TimeDelta> {
        self.max_gap
    }

    fn counted(self, stretch: TimeDelta) -> TimeDelta {
        self.max_gap
            .map_or(stretch, |limit| stretch.min(limit))
            .max(TimeDelta::zero())
    }
}

impl Default for Rules {
    /// At most 120 s a stretch.
    fn default() -> Self {
        Self::new(Duration::from_mins(2))
    }
}

/// How the student attends to what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    /// Working on it, not only looking.
    pub is_active: bool,
    /// Attention is elsewhere.
    pub is_distracted: bool,
}

/// What the fold needs of a learning event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The learning event; orders events of the same time.
    pub id: LearningEventId,
    /// When the picture was taken.
    pub at: Timestamp,
    /// Canonical topic.
    pub topic: TopicName,
    /// Attention at that moment.
    pub attention: Attention,
}

/// An uninterrupted stretch of one topic in one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its topic.
    pub topic: TopicName,
    /// The first event.
    pub from: Timestamp,
    /// The moment the next topic or the end came.
    pub to: Timestamp,
}

/// The event lies before the newest one folded: the session must be folded again from its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event lies before the newest one folded")]
pub struct OutOfOrder;

/// The fold's state for one session. Its size depends on the number of days and topics, not on
/// the number of events, and each event costs the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Document", into = "Document")]
pub struct Timeline {
    zone: Zone,
    newest: Option<Newest>,
    settled: Stats,
}

/// The newest event and the span it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Newest {
    id: LearningEventId,
    at: Timestamp,
    topic: TopicName,
    attention: Attention,
    span_from: Timestamp,
}

impl Timeline {
    /// An empty timeline whose days are those of `zone`.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            newest: None,
            settled: Stats::default(),
        }
    }

    /// Folds events in any order, each id once.
    pub fn fold(zone: Zone, rules: Rules, events: impl IntoIterator<Item = Observation>) -> Self {
        let mut events: Vec<_> = events.into_iter().collect();
        events.sort_by_key(|event| (event.at, event.id));
        let mut seen = std::collections::HashSet::new();
        events.retain(|event| seen.insert(event.id));
        let mut timeline = Self::new(zone);
        for event in events {
            timeline.advance(rules, event);
        }
        timeline
    }

    /// Folds one more event; the newest event again changes nothing. Returns the span it closed.
    ///
    /// # Errors
    /// [`OutOfOrder`] when the event lies before the newest one; nothing has changed then.
    pub fn observe(
        &mut self,
        rules: Rules,
        event: Observation,
    ) -> Result<Option<Span>, OutOfOrder> {
        match self
            .newest
            .as_ref()
            .map(|newest| (newest.at, newest.id).cmp(&(event.at, event.id)))
        {
            Some(std::cmp::Ordering::Greater) => Err(OutOfOrder),
            Some(std::cmp::Ordering::Equal) => Ok(None),
            _ => Ok(self.advance(rules, event)),
        }
    }

    /// Ends the session at `at`: the open stretch is counted up to there and the span is closed.
    /// An end before the newest event counts as that event's time. Closing again changes nothing.
    pub fn close(&mut self, rules: Rules, at: Timestamp) -> Option<Span> {
        let newest = self.newest.take()?;
        let to = at.max(newest.at);
        self.settle(rules, &newest, to);
        Some(Span {
            topic: newest.topic,
            from: newest.span_from,
            to,
        })
    }

    /// The zone whose days are counted.
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// What is counted for good.
    pub const fn settled(&self) -> &Stats {
        &self.settled
    }

    /// What the open stretch has added by `at`, on top of [`Self::settled`].
    pub fn open(&self, rules: Rules, at: Timestamp) -> Stats {
        let mut stats = Stats::default();
        if let Some(newest) = &self.newest {
            add_stretch(&mut stats, self.zone, rules, newest, at);
        }
        stats
    }

    /// All totals as of `at`.
    pub fn stats(&self, rules: Rules, at: Timestamp) -> Stats {
        let mut stats = self.settled.clone();
        stats.merge(&self.open(rules, at));
        stats
    }

    /// The time of the newest event of a session that has not been closed.
    pub fn newest_at(&self) -> Option<Timestamp> {
        self.newest.as_ref().map(|newest| newest.at)
    }

    /// The topic of the newest event of a session that has not been closed.
    pub fn current_topic(&self) -> Option<&TopicName> {
        self.newest.as_ref().map(|newest| &newest.topic)
    }

    fn advance(&mut self, rules: Rules, event: Observation) -> Option<Span> {
        let before = self.newest.take();
        if let Some(before) = &before {
            self.settle(rules, before, event.at);
        }
        self.list(before.as_ref(), &event);
        let continues = before
            .as_ref()
            .is_some_and(|before| before.topic == event.topic);
        let span_from = before
            .as_ref()
            .filter(|_| continues)
            .map_or(event.at, |b| b.span_from);
        let Observation {
            id,
            at,
            topic,
            attention,
        } = event;
        self.newest = Some(Newest {
            id,
            at,
            topic,
            attention,
            span_from,
        });
        let closed = before.filter(|_| !continues)?;
        Some(Span {
            topic: closed.topic,
            from: closed.span_from,
            to: at,
        })
    }

    /// Lists the event's topic on its day, and counts attention that turned away.
    fn list(&mut self, before: Option<&Newest>, event: &Observation) {
        let was_distracted = before.is_some_and(|before| before.attention.is_distracted);
        let turned = event.attention.is_distracted && !was_distracted;
        let totals = Totals {
            num_distracted: i64::from(turned),
            ..Totals::default()
        };
        self.settled
            .add(local_date(event.at, self.zone), &event.topic, totals);
    }

    fn settle(&mut self, rules: Rules, newest: &Newest, to: Timestamp) {
        add_stretch(&mut self.settled, self.zone, rules, newest, to);
    }
}

/// Adds the stretch from an event to `to`, split at the local midnights.
fn add_stretch(stats: &mut Stats, zone: Zone, rules: Rules, event: &Newest, to: Timestamp) {
    let end = event.at + rules.counted(to - event.at);
    let mut from = event.at;
    while from < end {
        let until = next_midnight(from, zone).min(end);
        let ms = (until - from).num_milliseconds();
        let Attention {
            is_active,
            is_distracted,
        } = event.attention;
        let totals = Totals {
            duration_ms: ms,
            active_ms: if is_active { ms } else { 0 },
            distracted_ms: if is_distracted { ms } else { 0 },
            num_distracted: 0,
        };
        stats.add(local_date(from, zone), &event.topic, totals);
        from = until;
    }
}

/// The first moment after `at` that begins the local day after `at`'s. Where the clock jumps over
/// midnight that is the first moment that exists; where it is put back over midnight, the day
/// begins twice, and it is the one still to come.
fn next_midnight(at: Timestamp, zone: Zone) -> Timestamp {
    let next = local_date(at, zone) + Days::new(1);
    let midnight = next.and_time(NaiveTime::MIN);
    (0..=24 * 4)
        .find_map(|quarters| {
            let local = zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarters)));
            let moments = [local.earliest(), local.latest()].into_iter().flatten();
            moments
                .map(|start| start.to_utc())
                .find(|start| *start > at)
        })
        .unwrap_or(at + TimeDelta::days(1))
}

/// The version of the stored form that is written, and the only one there has been.
const VERSION: u8 = 1;

/// The stored form is not one this build knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown version {0} of a stored timeline")]
struct UnknownVersion(u8);

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    version: u8,
    zone: Zone,
    newest: Option<Newest>,
    settled: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    date: kernel::Date,
    topic: TopicName,
    #[serde(flatten)]
    totals: Totals,
}

impl TryFrom<Document> for Timeline {
    type Error = UnknownVersion;

    fn try_from(document: Document) -> Result<Self, UnknownVersion> {
        let Document {
            version,
            zone,
            newest,
            settled,
        } = document;
        if version != VERSION {
            return Err(UnknownVersion(version));
        }
        let rows = settled.into_iter().map(
            |Row {
                 date,
                 topic,
                 totals,
             }| (StatKey { date, topic }, totals),
        );
        Ok(Self {
            zone,
            newest,
            settled: rows.collect(),
        })
    }
}

impl From<Timeline> for Document {
    fn from(timeline: Timeline) -> Self {
        let Timeline {
            zone,
            newest,
            settled,
        } = timeline;
        let row = |(key, totals): (&StatKey, &Totals)| Row {
            date: key.date,
            topic: key.topic.clone(),
            totals: *totals,
        };
        Self {
            version: VERSION,
            zone,
            newest,
            settled: settled.iter().map(row).collect(),
        }
    }
}
