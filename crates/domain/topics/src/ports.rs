//! What the projections need stored, and what is read back.

use async_trait::async_trait;
use kernel::{Date, PortResult, SessionId, Timestamp, UserId};
use ledger::{Position, Recorded};

use crate::{Observation, Stats, Timeline, TopicName};

/// A session's folded state as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTimeline {
    /// The session.
    pub session: SessionId,
    /// The fold's state.
    pub timeline: Timeline,
    /// When the session ended; later events then add no time.
    pub ended_at: Option<Timestamp>,
}

/// What the totals of some days are made of. Both parts must be read as of one moment: an event
/// folded in between would move its stretch from one to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Settled totals of all the user's sessions on these days.
    pub settled: Stats,
    /// The timelines of the user's sessions that have not ended, whatever their days.
    pub running: Vec<StoredTimeline>,
}

/// A topic and subtopic that a learning event showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenTopic {
    /// Canonical topic.
    pub topic: TopicName,
    /// Finer label, if there was one.
    pub subtopic: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A topic the user has studied, with its subtopics by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSeen {
    /// Canonical topic.
    pub topic: TopicName,
    /// The newest event with it.
    pub last_seen_at: Timestamp,
    /// Its subtopics.
    pub subtopics: Vec<SubtopicSeen>,
}

/// A subtopic the user has studied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubtopicSeen {
    /// The label.
    pub name: String,
    /// The newest event with it.
    pub last_seen_at: Timestamp,
}

/// How often help was asked for in one topic on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpCount {
    /// The local day.
    pub date: Date,
    /// Canonical topic.
    pub topic: TopicName,
    /// How often.
    pub count: i64,
}

/// Everything derived from the users' logs, and how far it has come.
#[async_trait]
pub trait Projection: Send + Sync {
    /// Begins a unit of work on one user's projection. Others who begin for the same user wait.
    async fn begin(&self, user: UserId) -> PortResult<Box<dyn ProjectionTx>>;

    /// Whether the user's log holds entries that are not projected yet.
    async fn is_behind(&self, user: UserId) -> PortResult<bool>;

    /// Up to `limit` users whose log is ahead of their projection, by id, after the given one.
    async fn behind(&self, after: Option<UserId>, limit: u16) -> PortResult<Vec<UserId>>;

    /// How many entries of all logs together are not projected yet.
    async fn lag(&self) -> PortResult<u64>;

    /// Up to `limit` users that have a log, by id, after the given one; for rebuilding all.
    async fn users(&self, after: Option<UserId>, limit: u16) -> PortResult<Vec<UserId>>;
}

/// One unit of work on one user's projection; dropped without [`Self::commit`] it is undone.
#[async_trait]
pub trait ProjectionTx: Send {
    /// How far the projection has come.
    fn position(&self) -> Position;

    /// Removes everything derived for this user; the position is the start again.
    async fn reset(&mut self) -> PortResult<()>;

    /// Up to `limit` log entries of this user after `after`.
    async fn entries(&mut self, after: Position, limit: u16) -> PortResult<Vec<Recorded>>;

    /// The stored timeline of a session of this user.
    async fn timeline(&mut self, session: SessionId) -> PortResult<Option<StoredTimeline>>;

    /// All learning events stored for a session of this user, in any order.
    async fn observations(&mut self, session: SessionId) -> PortResult<Vec<Observation>>;

    /// Replaces a session's timeline, and the rows read for days, which are the timeline's
    /// settled totals.
    async fn save_timeline(&mut self, stored: &StoredTimeline) -> PortResult<()>;

    /// Notes that a topic was seen.
    async fn topic_seen(&mut self, seen: &SeenTopic) -> PortResult<()>;

    /// Counts one request for help.
    async fn count_help(&mut self, date: Date, topic: &TopicName) -> PortResult<()>;

    /// Stores everything with the position reached.
    async fn commit(self: Box<Self>, reached: Position) -> PortResult<()>;
}

/// Reads what was projected. Costs do not grow with the number of stored events.
#[async_trait]
pub trait StatsReader: Send + Sync {
    /// The stored timeline of a session, if it is this user's.
    async fn session(&self, user: UserId, session: SessionId)
    -> PortResult<Option<StoredTimeline>>;

    /// What counts from `first` to `last`, both included, as of one moment.
    async fn days(&self, user: UserId, first: Date, last: Date) -> PortResult<Counted>;

    /// The topics the user has studied, by name.
    async fn topics(&self, user: UserId) -> PortResult<Vec<TopicSeen>>;

    /// Help counts from `first` to `last`, both included, by day and topic.
    async fn help(&self, user: UserId, first: Date, last: Date) -> PortResult<Vec<HelpCount>>;
}
