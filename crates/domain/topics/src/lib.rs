//! Study time: topic names, the timeline fold, and the numbers read from it.
//!
//! Truth is the list of learning events. [`Timeline`] folds them into time per day and topic;
//! [`Topics`] keeps the folded result up to date from the user's ledger and serves it. Nothing
//! here knows the time or a database: both come in.

mod facade;
mod names;
mod ports;
mod projector;
mod stats;
mod timeline;

pub use facade::{DayStats, Topics, TopicsError, WeekStats};
pub use names::{AliasTable, InvalidTopicTable, TopicName};
pub use ports::{
    Counted, HelpCount, Projection, ProjectionTx, SeenTopic, StatsReader, StoredTimeline,
    SubtopicSeen, TopicSeen,
};
pub use stats::{StatKey, Stats, Totals};
pub use timeline::{Attention, Observation, OutOfOrder, Rules, Span, Timeline};
