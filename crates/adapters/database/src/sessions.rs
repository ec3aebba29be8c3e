//! Keeps sessions.

use async_trait::async_trait;
use kernel::{
    Cursor, Date, Page, PageRequest, PortError, PortResult, SessionId, Timestamp, UserId,
};
use ledger::{Actor, Entry};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sessions::{Ending, Session, SessionState, SessionStore, Stored};

use crate::Database;
use crate::convert::{day, moment, optional_moment, zone};
use crate::error::{retrying, within};
use crate::page::overfull;
use crate::tables::sessions::{ActiveModel, Column, Entity, Model};
use crate::user_tx::{UserTx, foreign, once};

#[async_trait]
impl SessionStore for Database {
    async fn start(&self, session: &Session, entry: &Entry) -> PortResult<Stored> {
        retrying(|| start(self, session, entry)).await
    }

    async fn find(&self, user: UserId, id: SessionId) -> PortResult<Option<Session>> {
        find(self.reader(), user, id).await
    }

    async fn active(&self, user: UserId) -> PortResult<Option<Session>> {
        let row = Entity::find()
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_desc(Column::StartedAt)
            .order_by_desc(Column::Id)
            .one(self.reader());
        let row = within("find the active session", row).await?;
        row.map(Session::try_from).transpose()
    }

    async fn list(
        &self,
        user: UserId,
        date: Option<Date>,
        page: PageRequest,
    ) -> PortResult<Page<Session>> {
        let mut rows = Entity::find().filter(Column::UserId.eq(user.uuid()));
        if let Some(date) = date {
            rows = rows.filter(Column::Date.eq(day(date)));
        }
        let rows = overfull(rows, Column::StartedAt, Column::Id, page).all(self.reader());
        let rows = within("list sessions", rows).await?;
        let sessions = all(rows)?;
        Ok(Page::from_overfull(sessions, page.limit(), |session| {
            Cursor {
                at: session.started_at,
                id: session.id.uuid(),
            }
        }))
    }

    async fn end(&self, ended: &Session, entry: &Entry) -> PortResult<Ending> {
        retrying(|| end(self, ended, entry)).await
    }

    async fn idle(&self, before: Timestamp, limit: u16) -> PortResult<Vec<Session>> {
        let rows = Entity::find()
            .filter(Column::EndedAt.is_null())
            .filter(Column::LastActivityAt.lt(before.timestamp_millis()))
            .order_by_asc(Column::LastActivityAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .all(self.reader());
        all(within("list idle sessions", rows).await?)
    }
}

/// The session, if it is this user's.
pub(crate) async fn find(
    from: &impl ConnectionTrait,
    user: UserId,
    id: SessionId,
) -> PortResult<Option<Session>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::UserId.eq(user.uuid()))
        .one(from);
    let row = within("find session", row).await?;
    row.map(Session::try_from).transpose()
}

/// Inserts the session and appends its entry, unless this user's session is there already.
pub(crate) async fn insert(
    tx: &mut UserTx,
    session: &Session,
    entry: &Entry,
) -> PortResult<Stored> {
    let insert = Entity::insert(ActiveModel::from(session))
        .on_conflict(once(Column::Id))
        .exec_without_returning(tx.tx());
    if within("insert session", insert).await? == 1 {
        tx.append_new(entry).await?;
        return Ok(Stored::New);
    }
    let ours = find(tx.tx(), session.user, session.id).await?;
    ours.map(|_| Stored::Already)
        .ok_or(foreign("insert session: another user has this id"))
}

async fn start(database: &Database, session: &Session, entry: &Entry) -> PortResult<Stored> {
    let mut tx = UserTx::begin(database, session.user).await?;
    let stored = insert(&mut tx, session, entry).await?;
    tx.commit().await?;
    Ok(stored)
}

async fn end(database: &Database, ended: &Session, entry: &Entry) -> PortResult<Ending> {
    let mut tx = UserTx::begin(database, ended.user).await?;
    let ended_at = ended.ended_at().map(|at| at.timestamp_millis());
    let mut update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(ended_at))
        .filter(Column::Id.eq(ended.id.uuid()))
        .filter(Column::UserId.eq(ended.user.uuid()))
        .filter(Column::EndedAt.is_null());
    if entry.actor == Actor::System {
        let read = ended.last_activity_at.timestamp_millis();
        update = update.filter(Column::LastActivityAt.eq(read));
    }
    let updated = within("end session", update.exec(tx.tx())).await?;
    if updated.rows_affected == 0 {
        return not_ended(&tx, ended).await;
    }
    tx.append_new(entry).await?;
    tx.commit().await?;
    Ok(Ending::Now)
}

/// Why the session did not end. The transaction is dropped after this, so nothing has changed.
async fn not_ended(tx: &UserTx, ended: &Session) -> PortResult<Ending> {
    let stored = find(tx.tx(), ended.user, ended.id).await?;
    let stored = stored.ok_or(foreign("end session: the user has no such session"))?;
    Ok(match stored.state {
        SessionState::Ended(_) => Ending::Before,
        SessionState::Active => Ending::GoesOn,
    })
}

fn all(rows: Vec<Model>) -> PortResult<Vec<Session>> {
    rows.into_iter().map(Session::try_from).collect()
}

impl From<&Session> for ActiveModel {
    fn from(session: &Session) -> Self {
        let Session {
            id,
            user,
            started_at,
            zone,
            state: _,
            last_activity_at,
        } = session;
        Self {
            id: Set(id.uuid()),
            user_id: Set(user.uuid()),
            started_at: Set(started_at.timestamp_millis()),
            date: Set(session.date()),
            zone: Set(zone.name().to_owned()),
            ended_at: Set(session.ended_at().map(|at| at.timestamp_millis())),
            last_activity_at: Set(last_activity_at.timestamp_millis()),
            event_count: Set(0),
        }
    }
}

impl TryFrom<Model> for Session {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let Model {
            id,
            user_id,
            started_at,
            date: _,
            zone: zone_name,
            ended_at,
            last_activity_at,
            event_count: _,
        } = row;
        Ok(Self {
            id: id.into(),
            user: user_id.into(),
            started_at: moment(started_at)?,
            zone: zone(&zone_name)?,
            state: optional_moment(ended_at)?.map_or(SessionState::Active, SessionState::Ended),
            last_activity_at: moment(last_activity_at)?,
        })
    }
}
