//! Reads what was projected.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{Date, Fault, PortError, PortResult, SessionId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use topics::{
    Counted, HelpCount, StatKey, Stats, StatsReader, StoredTimeline, SubtopicSeen, TopicName,
    TopicSeen, Totals,
};

use crate::Database;
use crate::convert::{day, moment, optional_moment};
use crate::error::within;
use crate::tables::{help_counts, session_timelines, topic_stats, user_topics};

#[async_trait]
impl StatsReader for Database {
    async fn session(
        &self,
        user: UserId,
        session: SessionId,
    ) -> PortResult<Option<StoredTimeline>> {
        timeline(self.reader(), user, session).await
    }

    async fn days(&self, user: UserId, first: Date, last: Date) -> PortResult<Counted> {
        let snapshot = self.begin_snapshot().await?;
        let settled = settled(&snapshot, user, first, last).await?;
        let running = running(&snapshot, user).await?;
        within("end reading", snapshot.commit()).await?;
        Ok(Counted { settled, running })
    }

    async fn topics(&self, user: UserId) -> PortResult<Vec<TopicSeen>> {
        let rows = user_topics::Entity::find()
            .filter(user_topics::Column::UserId.eq(user.uuid()))
            .all(self.reader());
        by_topic(within("read topics", rows).await?)
    }

    async fn help(&self, user: UserId, first: Date, last: Date) -> PortResult<Vec<HelpCount>> {
        use help_counts::Column;
        let rows = help_counts::Entity::find()
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::Date.between(day(first), day(last)))
            .all(self.reader());
        let rows = within("read help counts", rows).await?;
        let mut counts: Vec<HelpCount> = rows.into_iter().map(HelpCount::from).collect();
        counts.sort_by(|a, b| (a.date, &a.topic).cmp(&(b.date, &b.topic)));
        Ok(counts)
    }
}

/// The stored timeline of a session, if it is this user's.
pub(crate) async fn timeline(
    from: &impl ConnectionTrait,
    user: UserId,
    session: SessionId,
) -> PortResult<Option<StoredTimeline>> {
    let row = session_timelines::Entity::find_by_id(session.uuid())
        .filter(session_timelines::Column::UserId.eq(user.uuid()))
        .one(from);
    let row = within("read timeline", row).await?;
    row.map(StoredTimeline::try_from).transpose()
}

async fn settled(
    from: &impl ConnectionTrait,
    user: UserId,
    first: Date,
    last: Date,
) -> PortResult<Stats> {
    use topic_stats::Column;
    let rows = topic_stats::Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Date.between(day(first), day(last)))
        .all(from);
    let rows = within("read topic stats", rows).await?;
    Ok(rows.into_iter().map(<(StatKey, Totals)>::from).collect())
}

async fn running(from: &impl ConnectionTrait, user: UserId) -> PortResult<Vec<StoredTimeline>> {
    use session_timelines::Column;
    let rows = session_timelines::Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::SessionId)
        .all(from);
    let rows = within("read running timelines", rows).await?;
    rows.into_iter().map(StoredTimeline::try_from).collect()
}

/// Names are put in order here, for every database has its own idea of it.
fn by_topic(rows: Vec<user_topics::Model>) -> PortResult<Vec<TopicSeen>> {
    let mut topics = BTreeMap::<String, TopicSeen>::new();
    for row in rows {
        let at = moment(row.last_seen_at)?;
        let seen = topics
            .entry(row.topic.clone())
            .or_insert_with(|| TopicSeen {
                topic: TopicName::stored(row.topic),
                last_seen_at: at,
                subtopics: Vec::new(),
            });
        seen.last_seen_at = seen.last_seen_at.max(at);
        if !row.subtopic.is_empty() {
            seen.subtopics.push(SubtopicSeen {
                name: row.subtopic,
                last_seen_at: at,
            });
        }
    }
    let mut topics: Vec<TopicSeen> = topics.into_values().collect();
    for topic in &mut topics {
        topic.subtopics.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(topics)
}

impl TryFrom<session_timelines::Model> for StoredTimeline {
    type Error = PortError;

    fn try_from(row: session_timelines::Model) -> PortResult<Self> {
        let session_timelines::Model {
            session_id,
            user_id: _,
            state,
            ended_at,
        } = row;
        let timeline = serde_json::from_str(&state)
            .map_err(|e| PortError::new(Fault::Corrupt, "read a stored timeline", e))?;
        Ok(Self {
            session: session_id.into(),
            timeline,
            ended_at: optional_moment(ended_at)?,
        })
    }
}

impl From<topic_stats::Model> for (StatKey, Totals) {
    fn from(row: topic_stats::Model) -> Self {
        let topic_stats::Model {
            session_id: _,
            date,
            topic,
            user_id: _,
            duration_ms,
            active_ms,
            distracted_ms,
            num_distracted,
        } = row;
        let key = StatKey {
            date,
            topic: TopicName::stored(topic),
        };
        let totals = Totals {
            duration_ms,
            active_ms,
            distracted_ms,
            num_distracted,
        };
        (key, totals)
    }
}

impl From<help_counts::Model> for HelpCount {
    fn from(row: help_counts::Model) -> Self {
        let help_counts::Model {
            user_id: _,
            date,
            topic,
            count,
        } = row;
        Self {
            date,
            topic: TopicName::stored(topic),
            count,
        }
    }
}
