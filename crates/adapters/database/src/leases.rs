//! Keeps leases on keys of objects.

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult, Timestamp};
use objects::{Claimed, Lease, Leases, ObjectKey, Promise};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Database;
use crate::convert::{moment, text};
use crate::error::within;
use crate::tables::object_leases::{ActiveModel, Column, Entity, Model};

const READ: &str = "read a lease";
const OPEN: &str = "open";
const CLAIMED: &str = "claimed";
const LOST: &str = "lost";

#[async_trait]
impl Leases for Database {
    async fn take(&self, lease: &Lease) -> PortResult<()> {
        take(self.writer(), lease).await
    }

    async fn find(&self, key: &ObjectKey) -> PortResult<Option<Lease>> {
        let row = row_of(self.writer(), key).await?;
        let known = row.filter(|row| row.state != LOST);
        known.map(Lease::try_from).transpose()
    }

    async fn claim(&self, key: &ObjectKey) -> PortResult<Claimed> {
        claim(self.writer(), key).await
    }

    async fn lose(&self, now: Timestamp, limit: u16) -> PortResult<Vec<ObjectKey>> {
        let now = now.timestamp_millis();
        let over = Entity::delete_many()
            .filter(Column::State.eq(CLAIMED))
            .filter(Column::Until.lt(now))
            .exec(self.writer());
        within("forget leases of claimed objects", over).await?;
        for key in ended(self.writer(), now, limit).await? {
            turn(self.writer(), &key, LOST).await?;
        }
        lost(self.writer(), limit).await
    }

    async fn forget(&self, key: &ObjectKey) -> PortResult<()> {
        let delete = Entity::delete_many()
            .filter(Column::Key.eq(key.as_str()))
            .filter(Column::State.eq(LOST))
            .exec(self.writer());
        within("forget a lost lease", delete).await.map(drop)
    }
}

/// A lease on what a row has let go of: it has ended, and nobody can claim the object again.
pub(crate) async fn let_go(tx: &impl ConnectionTrait, key: &str, now: Timestamp) -> PortResult<()> {
    let row = ActiveModel {
        key: Set(key.to_owned()),
        until: Set(now.timestamp_millis()),
        state: Set(LOST.to_owned()),
        content_type: Set(None),
        size: Set(None),
        sha256: Set(None),
    };
    // The claimed lease it was put under may be there still.
    let replace = OnConflict::column(Column::Key)
        .update_columns([Column::Until, Column::State])
        .to_owned();
    let insert = Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(tx);
    within("let go of an object", insert).await.map(drop)
}

/// Claims an object inside the transaction that names it.
pub(crate) async fn claim(tx: &impl ConnectionTrait, key: &ObjectKey) -> PortResult<Claimed> {
    if turn(tx, key.as_str(), CLAIMED).await? {
        return Ok(Claimed::Now);
    }
    let row = row_of(tx, key).await?;
    Ok(match row {
        Some(row) if row.state == LOST => Claimed::Lost,
        _ => Claimed::Before,
    })
}

async fn take(from: &impl ConnectionTrait, lease: &Lease) -> PortResult<()> {
    let insert = Entity::insert(row(lease)?).exec_without_returning(from);
    within("take a lease", insert).await.map(drop)
}

/// Takes an open lease to another state, unless somebody was first.
async fn turn(from: &impl ConnectionTrait, key: &str, state: &'static str) -> PortResult<bool> {
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .filter(Column::Key.eq(key))
        .filter(Column::State.eq(OPEN))
        .exec(from);
    let updated = within("turn a lease", update).await?;
    Ok(updated.rows_affected == 1)
}

async fn ended(from: &impl ConnectionTrait, now: i64, limit: u16) -> PortResult<Vec<String>> {
    let rows = Entity::find()
        .filter(Column::State.eq(OPEN))
        .filter(Expr::col(Column::Until).lt(now))
        .order_by_asc(Column::Until)
        .limit(u64::from(limit))
        .all(from);
    let rows = within("list leases that have ended", rows).await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

async fn lost(from: &impl ConnectionTrait, limit: u16) -> PortResult<Vec<ObjectKey>> {
    let rows = Entity::find()
        .filter(Column::State.eq(LOST))
        .order_by_asc(Column::Until)
        .limit(u64::from(limit))
        .all(from);
    let rows = within("list lost leases", rows).await?;
    rows.into_iter().map(|row| key(&row.key)).collect()
}

async fn row_of(from: &impl ConnectionTrait, key: &ObjectKey) -> PortResult<Option<Model>> {
    within(READ, Entity::find_by_id(key.to_string()).one(from)).await
}

fn row(lease: &Lease) -> PortResult<ActiveModel> {
    let Lease {
        key,
        until,
        promise,
        is_claimed,
    } = lease;
    let promise = promise.as_ref();
    let state = if *is_claimed { CLAIMED } else { OPEN };
    let size = promise.map(|promise| i64::try_from(promise.size));
    let too_large = |error| PortError::new(Fault::Refused, "take a lease", error);
    Ok(ActiveModel {
        key: Set(key.to_string()),
        until: Set(until.timestamp_millis()),
        state: Set(state.to_owned()),
        content_type: Set(promise
            .map(|promise| text(&promise.content_type))
            .transpose()?),
        size: Set(size.transpose().map_err(too_large)?),
        sha256: Set(promise.and_then(|promise| Some(promise.sha256?.to_string()))),
    })
}

impl TryFrom<Model> for Lease {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let Model {
            key: name,
            until,
            state,
            content_type,
            size,
            sha256,
        } = row;
        let promise = match (content_type, size) {
            (Some(content_type), Some(size)) => Some(Promise {
                content_type,
                size: u64::try_from(size).map_err(corrupt)?,
                sha256: sha256
                    .map(|text| text.parse().map_err(corrupt))
                    .transpose()?,
            }),
            _ => None,
        };
        Ok(Self {
            key: key(&name)?,
            until: moment(until)?,
            promise,
            is_claimed: state == CLAIMED,
        })
    }
}

fn key(text: &str) -> PortResult<ObjectKey> {
    text.parse().map_err(corrupt)
}

fn corrupt(cause: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::new(Fault::Corrupt, READ, cause)
}
