//! The blacklist of access tokens.

use async_trait::async_trait;
use auth::{IssuedAccess, Revocation, RevocationFeed};
use kernel::{Fault, PortError, PortResult, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use crate::Database;
use crate::convert::moment;
use crate::error::{retrying, within};
use crate::tables::revocation_head;
use crate::tables::revocations::{ActiveModel, Column, Entity, Model};

/// The only row of the head.
const HEAD: i16 = 1;
/// Lines in one statement; both databases bound how many values one has.
const LINES_AT_ONCE: usize = 500;

#[async_trait]
impl RevocationFeed for Database {
    async fn head(&self) -> PortResult<i64> {
        number(self.reader(), head()).await
    }

    async fn after(&self, after: i64, limit: u16) -> PortResult<Vec<Revocation>> {
        let rows = Entity::find()
            .filter(Column::Number.gt(after))
            .order_by_asc(Column::Number)
            .limit(u64::from(limit))
            .all(self.reader());
        let rows = within("read the blacklist", rows).await?;
        rows.iter().map(line).collect()
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        retrying(|| purge(self, before)).await
    }
}

/// Puts access tokens on the blacklist. The head stays locked until the transaction ends, so the
/// next numbers are given only when these can be seen; it is the last lock a transaction takes.
pub(crate) async fn revoke(tx: &DatabaseTransaction, tokens: &[IssuedAccess]) -> PortResult<()> {
    if tokens.is_empty() {
        return Ok(());
    }
    let mut newest = number(tx, head().lock_exclusive()).await?;
    for tokens in tokens.chunks(LINES_AT_ONCE) {
        let rows = (newest + 1..).zip(tokens).map(row);
        let insert = Entity::insert_many(rows).exec_without_returning(tx);
        newest += i64::try_from(tokens.len()).unwrap_or(i64::MAX);
        within("write the blacklist", insert).await?;
    }
    let update = revocation_head::Entity::update_many()
        .col_expr(revocation_head::Column::Number, Expr::value(newest))
        .filter(revocation_head::Column::Id.eq(HEAD))
        .exec(tx);
    within("move the blacklist's head", update).await.map(drop)
}

fn head() -> Select<revocation_head::Entity> {
    revocation_head::Entity::find_by_id(HEAD)
}

async fn number(
    from: &impl ConnectionTrait,
    head: Select<revocation_head::Entity>,
) -> PortResult<i64> {
    let row = within("read the blacklist's head", head.one(from)).await?;
    let missing = PortError::bare(Fault::Corrupt, "read the blacklist's head: it is gone");
    row.map(|row| row.number).ok_or(missing)
}

async fn purge(database: &Database, before: Timestamp) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let delete = Entity::delete_many()
        .filter(Column::ExpiresAt.lt(before.timestamp_millis()))
        .exec(&tx);
    let purged = within("purge the blacklist", delete).await?.rows_affected;
    within("purge the blacklist", tx.commit()).await?;
    Ok(purged)
}

fn row((number, token): (i64, &IssuedAccess)) -> ActiveModel {
    ActiveModel {
        number: Set(number),
        token_id: Set(token.id.uuid()),
        expires_at: Set(token.expires_at.timestamp_millis()),
    }
}

fn line(row: &Model) -> PortResult<Revocation> {
    let Model {
        number,
        token_id,
        expires_at,
    } = *row;
    let access = IssuedAccess {
        id: token_id.into(),
        expires_at: moment(expires_at)?,
    };
    Ok(Revocation { number, access })
}
