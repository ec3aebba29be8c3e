//! One unit of work on one user's projection.

use std::collections::HashMap;

use async_trait::async_trait;
use kernel::{Date, Fault, PortError, PortResult, SessionId, UserId};
use ledger::{Position, Recorded};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use topics::{
    Attention, Observation, ProjectionTx, SeenTopic, StatKey, Stats, StoredTimeline, TopicName,
    Totals,
};

use crate::Database;
use crate::convert::moment;
use crate::error::within;
use crate::mark::{gone, mark_of};
use crate::tables::{
    help_counts, learning_events, ledger_heads, projections, session_timelines, topic_stats,
    user_topics,
};
use crate::user_tx::{ensure_user, foreign, hold_user, once};

/// Holds the row of the user's projection, so projectors of one user wait for each other, while
/// writers of that user do not wait for projectors.
pub(crate) struct UserProjectionTx {
    tx: DatabaseTransaction,
    user: UserId,
    position: Position,
    /// What is stored of the sessions read so far, so that only rows that differ are written.
    stored: HashMap<SessionId, Stats>,
}

impl UserProjectionTx {
    pub(crate) async fn begin(database: &Database, user: UserId) -> PortResult<Self> {
        let tx = database.begin_write().await?;
        let seq = match lock(&tx, user).await? {
            Some(seq) => seq,
            None => first(&tx, user).await?,
        };
        Ok(Self {
            tx,
            user,
            position: Position::new(seq),
            stored: HashMap::new(),
        })
    }

    /// The settled totals as stored before this unit of work saves them.
    async fn settled(&mut self, session: SessionId) -> PortResult<Stats> {
        if let Some(stats) = self.stored.remove(&session) {
            return Ok(stats);
        }
        let stored = crate::stats::timeline(&self.tx, self.user, session).await?;
        Ok(stored.map_or_else(Stats::default, |stored| stored.timeline.settled().clone()))
    }

    async fn save_rows(&self, session: SessionId, before: &Stats, now: &Stats) -> PortResult<()> {
        let before: HashMap<&StatKey, &Totals> = before.iter().collect();
        let changed = now
            .iter()
            .filter(|(key, totals)| before.get(key) != Some(totals))
            .map(|(key, totals)| stat_row(session, self.user, key, *totals));
        self.upsert(changed.collect()).await?;
        let kept: HashMap<&StatKey, &Totals> = now.iter().collect();
        for vanished in before.keys().filter(|key| !kept.contains_key(*key)) {
            self.delete_row(session, vanished).await?;
        }
        Ok(())
    }

    async fn upsert(&self, rows: Vec<topic_stats::ActiveModel>) -> PortResult<()> {
        use topic_stats::Column;
        if rows.is_empty() {
            return Ok(());
        }
        let replace = OnConflict::columns([Column::SessionId, Column::Date, Column::Topic])
            .update_columns([
                Column::DurationMs,
                Column::ActiveMs,
                Column::DistractedMs,
                Column::NumDistracted,
            ])
            .to_owned();
        let upsert = topic_stats::Entity::insert_many(rows)
            .on_conflict(replace)
            .exec_without_returning(&self.tx);
        within("save topic stats", upsert).await.map(drop)
    }

    async fn delete_row(&self, session: SessionId, key: &StatKey) -> PortResult<()> {
        use topic_stats::Column;
        let delete = topic_stats::Entity::delete_many()
            .filter(Column::SessionId.eq(session.uuid()))
            .filter(Column::Date.eq(key.date))
            .filter(Column::Topic.eq(key.topic.as_str()))
            .exec(&self.tx);
        within("remove topic stats", delete).await.map(drop)
    }

    async fn save_state(&self, stored: &StoredTimeline) -> PortResult<()> {
        use session_timelines::Column;
        let row = timeline_row(self.user, stored)?;
        let replace = OnConflict::column(Column::SessionId)
            .update_columns([Column::State, Column::EndedAt])
            .to_owned();
        let upsert = session_timelines::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.tx);
        within("save timeline", upsert).await.map(drop)
    }

    async fn save_position(&self, reached: Position) -> PortResult<()> {
        let update = projections::Entity::update_many()
            .col_expr(projections::Column::Seq, Expr::value(reached.number()))
            .filter(projections::Column::UserId.eq(self.user.uuid()))
            .exec(&self.tx);
        within("save the projection's position", update)
            .await
            .map(drop)
    }

    /// Takes the user off the list of those behind, if nothing was appended since. An append that
    /// is under way holds this row, so this waits for it and then sees the new head.
    async fn mark_projected(&self, reached: Position) -> PortResult<()> {
        use ledger_heads::Column;
        let update = ledger_heads::Entity::update_many()
            .col_expr(
                Column::Unprojected,
                Expr::col(Column::Seq).gt(reached.number()),
            )
            .filter(Column::UserId.eq(self.user.uuid()))
            .exec(&self.tx);
        within("mark the log as projected", update).await.map(drop)
    }
}

#[async_trait]
impl ProjectionTx for UserProjectionTx {
    fn position(&self) -> Position {
        self.position
    }

    async fn reset(&mut self) -> PortResult<()> {
        self.stored.clear();
        self.position = Position::START;
        let user = self.user.uuid();
        let context = "reset the projection";
        let delete = topic_stats::Entity::delete_many()
            .filter(topic_stats::Column::UserId.eq(user))
            .exec(&self.tx);
        within(context, delete).await?;
        let delete = session_timelines::Entity::delete_many()
            .filter(session_timelines::Column::UserId.eq(user))
            .exec(&self.tx);
        within(context, delete).await?;
        let delete = help_counts::Entity::delete_many()
            .filter(help_counts::Column::UserId.eq(user))
            .exec(&self.tx);
        within(context, delete).await?;
        let delete = user_topics::Entity::delete_many()
            .filter(user_topics::Column::UserId.eq(user))
            .exec(&self.tx);
        within(context, delete).await.map(drop)
    }

    async fn entries(&mut self, after: Position, limit: u16) -> PortResult<Vec<Recorded>> {
        crate::ledger::read(&self.tx, self.user, after, limit).await
    }

    async fn timeline(&mut self, session: SessionId) -> PortResult<Option<StoredTimeline>> {
        let stored = crate::stats::timeline(&self.tx, self.user, session).await?;
        let settled = stored.as_ref().map(|stored| stored.timeline.settled());
        let settled = settled.cloned().unwrap_or_default();
        self.stored.insert(session, settled);
        Ok(stored)
    }

    async fn observations(&mut self, session: SessionId) -> PortResult<Vec<Observation>> {
        use learning_events::Column;
        let rows = learning_events::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::CapturedAt,
                Column::Topic,
                Column::IsActive,
                Column::IsDistracted,
            ])
            .filter(Column::SessionId.eq(session.uuid()))
            .filter(Column::UserId.eq(self.user.uuid()))
            .into_tuple::<ObservationRow>()
            .all(&self.tx);
        let rows = within("read a session's events", rows).await?;
        rows.into_iter().map(observation).collect()
    }

    async fn save_timeline(&mut self, stored: &StoredTimeline) -> PortResult<()> {
        let before = self.settled(stored.session).await?;
        let now = stored.timeline.settled();
        self.save_state(stored).await?;
        self.save_rows(stored.session, &before, now).await?;
        self.stored.insert(stored.session, now.clone());
        Ok(())
    }

    async fn topic_seen(&mut self, seen: &SeenTopic) -> PortResult<()> {
        use user_topics::Column;
        let row = user_topics::ActiveModel {
            user_id: Set(self.user.uuid()),
            topic: Set(seen.topic.as_str().to_owned()),
            subtopic: Set(seen.subtopic.clone().unwrap_or_default()),
            last_seen_at: Set(seen.at.timestamp_millis()),
        };
        let known = Expr::col((user_topics::Entity, Column::LastSeenAt));
        let new = Expr::value(seen.at.timestamp_millis());
        let latest = CaseStatement::new()
            .case(known.clone().lt(new.clone()), new)
            .finally(known);
        let newest = OnConflict::columns([Column::UserId, Column::Topic, Column::Subtopic])
            .value(Column::LastSeenAt, latest)
            .to_owned();
        let upsert = user_topics::Entity::insert(row)
            .on_conflict(newest)
            .exec_without_returning(&self.tx);
        within("note a topic", upsert).await.map(drop)
    }

    async fn count_help(&mut self, date: Date, topic: &TopicName) -> PortResult<()> {
        use help_counts::Column;
        let row = help_counts::ActiveModel {
            user_id: Set(self.user.uuid()),
            date: Set(date),
            topic: Set(topic.as_str().to_owned()),
            count: Set(1),
        };
        let known = Expr::col((help_counts::Entity, Column::Count));
        let one_more = OnConflict::columns([Column::UserId, Column::Date, Column::Topic])
            .value(Column::Count, known.add(1))
            .to_owned();
        let upsert = help_counts::Entity::insert(row)
            .on_conflict(one_more)
            .exec_without_returning(&self.tx);
        within("count a request for help", upsert).await.map(drop)
    }

    async fn commit(self: Box<Self>, reached: Position) -> PortResult<()> {
        self.save_position(reached).await?;
        self.mark_projected(reached).await?;
        within("commit the projection", self.tx.commit()).await
    }
}

type ObservationRow = (sea_orm::prelude::Uuid, i64, String, bool, bool);

fn observation(
    (id, at, topic, is_active, is_distracted): ObservationRow,
) -> PortResult<Observation> {
    Ok(Observation {
        id: id.into(),
        at: moment(at)?,
        topic: TopicName::stored(topic),
        attention: Attention {
            is_active,
            is_distracted,
        },
    })
}

/// A session's timeline as a row.
pub(crate) fn timeline_row(
    user: UserId,
    stored: &StoredTimeline,
) -> PortResult<session_timelines::ActiveModel> {
    let state = serde_json::to_string(&stored.timeline)
        .map_err(|e| PortError::new(Fault::Refused, "write a timeline", e))?;
    Ok(session_timelines::ActiveModel {
        session_id: Set(stored.session.uuid()),
        user_id: Set(user.uuid()),
        state: Set(state),
        ended_at: Set(stored.ended_at.map(|at| at.timestamp_millis())),
    })
}

/// Totals of a session on a day as a row.
pub(crate) fn stat_row(
    session: SessionId,
    user: UserId,
    key: &StatKey,
    totals: Totals,
) -> topic_stats::ActiveModel {
    let Totals {
        duration_ms,
        active_ms,
        distracted_ms,
        num_distracted,
    } = totals;
    topic_stats::ActiveModel {
        session_id: Set(session.uuid()),
        date: Set(key.date),
        topic: Set(key.topic.as_str().to_owned()),
        user_id: Set(user.uuid()),
        duration_ms: Set(duration_ms),
        active_ms: Set(active_ms),
        distracted_ms: Set(distracted_ms),
        num_distracted: Set(num_distracted),
    }
}

async fn lock(tx: &DatabaseTransaction, user: UserId) -> PortResult<Option<i64>> {
    let row = projections::Entity::find_by_id(user.uuid())
        .lock_exclusive()
        .one(tx);
    let row = within("lock the projection", row).await?;
    Ok(row.map(|row| row.seq))
}

/// Whoever was erased and has not come back has no row to hold on to.
async fn first(tx: &DatabaseTransaction, user: UserId) -> PortResult<i64> {
    if !hold_user(tx, user).await? {
        if mark_of(tx, user).await?.is_some() {
            return Err(gone());
        }
        ensure_user(tx, user).await?;
    }
    let start = projections::ActiveModel {
        user_id: Set(user.uuid()),
        seq: Set(0),
    };
    let insert = projections::Entity::insert(start)
        .on_conflict(once(projections::Column::UserId))
        .exec_without_returning(tx);
    within("insert the projection", insert).await?;
    lock(tx, user)
        .await?
        .ok_or(foreign("lock the projection: the user is gone"))
}
