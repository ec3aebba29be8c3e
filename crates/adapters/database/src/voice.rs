//! Keeps conversations with the voice tutor.

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Cursor, Page, PageRequest, PortResult, SessionId, Timestamp, UserId, VoiceSessionId};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sessions::Stored;
use voice::{Append, NewTurn, Turn, VoiceClose, VoiceOpening, VoiceSession, VoiceStore};

use crate::Database;
use crate::convert::moment;
use crate::error::{retrying, within};
use crate::page::overfull;
use crate::tables::voice_sessions::{Column, Entity, Model};
use crate::tables::voice_turns;
use crate::user_tx::{UserTx, foreign, once, once_of};
use crate::voice_rows::{Totals, session_row, turn_row};

#[async_trait]
impl VoiceStore for Database {
    async fn open(&self, opening: &VoiceOpening) -> PortResult<Stored> {
        retrying(|| open(self, opening)).await
    }

    async fn append(&self, append: &Append) -> PortResult<()> {
        retrying(|| add(self, append)).await
    }

    async fn close(&self, close: &VoiceClose) -> PortResult<Stored> {
        retrying(|| end(self, close)).await
    }

    async fn find(&self, user: UserId, id: VoiceSessionId) -> PortResult<Option<VoiceSession>> {
        let row = row_of(self.reader(), user, id).await?;
        row.map(VoiceSession::try_from).transpose()
    }

    async fn turns(
        &self,
        user: UserId,
        id: VoiceSessionId,
        from: u32,
        limit: u16,
    ) -> PortResult<Vec<Turn>> {
        use voice_turns::Column;
        let rows = voice_turns::Entity::find()
            .filter(Column::VoiceSessionId.eq(id.uuid()))
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::Number.gte(i64::from(from)))
            .order_by_asc(Column::Number)
            .limit(u64::from(limit))
            .all(self.reader());
        let rows = within("read a transcript", rows).await?;
        rows.into_iter().map(Turn::try_from).collect()
    }

    async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<VoiceSession>> {
        let mut rows = Entity::find().filter(Column::UserId.eq(user.uuid()));
        if let Some(session) = session {
            rows = rows.filter(Column::SessionId.eq(session.uuid()));
        }
        let rows = overfull(rows, Column::StartedAt, Column::Id, page).all(self.reader());
        let talks = all(within("list conversations", rows).await?)?;
        Ok(Page::from_overfull(talks, page.limit(), |talk| Cursor {
            at: talk.started_at,
            id: talk.id.uuid(),
        }))
    }

    async fn talked(&self, user: UserId, since: Timestamp) -> PortResult<TimeDelta> {
        let end = Func::coalesce([Expr::col(Column::EndedAt), Expr::col(Column::LastSeenAt)]);
        let span = Expr::expr(end).sub(Expr::col(Column::StartedAt));
        let millis = Entity::find()
            .select_only()
            .expr(Expr::expr(Func::sum(span)).cast_as("bigint"))
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::StartedAt.gte(since.timestamp_millis()))
            .into_tuple::<Option<i64>>()
            .one(self.reader());
        let millis = within("count minutes talked", millis).await?;
        Ok(TimeDelta::milliseconds(
            millis.flatten().unwrap_or_default(),
        ))
    }

    async fn abandoned(&self, before: Timestamp, limit: u16) -> PortResult<Vec<VoiceSession>> {
        let rows = Entity::find()
            .filter(Column::EndedAt.is_null())
            .filter(Column::LastSeenAt.lt(before.timestamp_millis()))
            .order_by_asc(Column::LastSeenAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .all(self.reader());
        all(within("list abandoned conversations", rows).await?)
    }
}

async fn open(database: &Database, opening: &VoiceOpening) -> PortResult<Stored> {
    let VoiceOpening { session, entry } = opening;
    let mut tx = UserTx::begin(database, session.user).await?;
    let study = crate::sessions::find(tx.tx(), session.user, session.session).await?;
    if study.is_none() {
        return Err(foreign("insert conversation: the user has no such session"));
    }
    let insert = Entity::insert(session_row(session)?)
        .on_conflict(once(Column::Id))
        .exec_without_returning(tx.tx());
    if within("insert conversation", insert).await? == 0 {
        let ours = row_of(tx.tx(), session.user, session.id).await?;
        return ours
            .map(|_| Stored::Already)
            .ok_or(foreign("insert conversation: another user has this id"));
    }
    tx.append_new(entry).await?;
    tx.commit().await?;
    Ok(Stored::New)
}

async fn add(database: &Database, append: &Append) -> PortResult<()> {
    let mut tx = UserTx::begin(database, append.user).await?;
    let row = known(tx.tx(), append.user, append.id).await?;
    for turn in &append.turns {
        add_turn(&mut tx, append, turn).await?;
    }
    meter(tx.tx(), &row, append).await?;
    tx.commit().await
}

/// A turn that is there already has had its entry.
async fn add_turn(tx: &mut UserTx, append: &Append, new: &NewTurn) -> PortResult<()> {
    use voice_turns::Column;
    let insert = voice_turns::Entity::insert(turn_row(append, &new.turn)?)
        .on_conflict(once_of([Column::VoiceSessionId, Column::Number]))
        .exec_without_returning(tx.tx());
    if within("insert turn", insert).await? > 0 {
        tx.append_new(&new.entry).await?;
    }
    Ok(())
}

/// Totals only grow, so that an older append that comes late takes nothing back.
async fn meter(tx: &impl ConnectionTrait, row: &Model, append: &Append) -> PortResult<()> {
    let totals = Totals::of(row).most(Totals::at(append));
    let update = Entity::update_many()
        .set(totals.into_row())
        .filter(Column::Id.eq(append.id.uuid()))
        .exec(tx);
    within("meter conversation", update).await.map(drop)
}

async fn end(database: &Database, close: &VoiceClose) -> PortResult<Stored> {
    let mut tx = UserTx::begin(database, close.user).await?;
    let row = known(tx.tx(), close.user, close.id).await?;
    if row.ended_at.is_some() {
        return Ok(Stored::Already);
    }
    tx.append_new(&close.entry).await?;
    // No conversation ends before it has begun, whatever the clock says.
    let ended_at = Ord::max(close.at.timestamp_millis(), row.started_at);
    let update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(ended_at))
        .col_expr(Column::EndReason, Expr::value(close.reason.as_str()))
        .filter(Column::Id.eq(close.id.uuid()))
        .exec(tx.tx());
    within("end conversation", update).await?;
    tx.commit().await?;
    Ok(Stored::New)
}

/// Whose conversation it is and when it began, whoever asks; for the erasure.
pub(crate) async fn owner_of(
    from: &impl ConnectionTrait,
    id: VoiceSessionId,
) -> PortResult<Option<(UserId, Timestamp)>> {
    let row = Entity::find_by_id(id.uuid()).one(from);
    let row = within("look whose conversation it is", row).await?;
    let told = |row: Model| Ok((row.user_id.into(), moment(row.started_at)?));
    row.map(told).transpose()
}

async fn known(from: &impl ConnectionTrait, user: UserId, id: VoiceSessionId) -> PortResult<Model> {
    let row = row_of(from, user, id).await?;
    row.ok_or(foreign("change a conversation: the user has no such one"))
}

async fn row_of(
    from: &impl ConnectionTrait,
    user: UserId,
    id: VoiceSessionId,
) -> PortResult<Option<Model>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::UserId.eq(user.uuid()))
        .one(from);
    within("find conversation", row).await
}

fn all(rows: Vec<Model>) -> PortResult<Vec<VoiceSession>> {
    rows.into_iter().map(VoiceSession::try_from).collect()
}
