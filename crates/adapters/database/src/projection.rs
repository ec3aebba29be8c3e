//! Which users' logs are ahead of what is derived from them.

use async_trait::async_trait;
use kernel::{PortResult, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    Statement,
};
use topics::{Projection, ProjectionTx};

use crate::Database;
use crate::error::{failed, within};
use crate::projection_tx::UserProjectionTx;
use crate::tables::ledger_heads::{Column, Entity};

/// Only users who are behind are looked at, by the partial index.
const LAG: &str = "SELECT CAST(COALESCE(SUM(head.seq - COALESCE(projection.seq, 0)), 0) AS BIGINT)
    FROM ledger_heads head LEFT JOIN projections projection ON projection.user_id = head.user_id
    WHERE head.unprojected";

#[async_trait]
impl Projection for Database {
    async fn begin(&self, user: UserId) -> PortResult<Box<dyn ProjectionTx>> {
        Ok(Box::new(UserProjectionTx::begin(self, user).await?))
    }

    async fn is_behind(&self, user: UserId) -> PortResult<bool> {
        let head = Entity::find_by_id(user.uuid()).one(self.reader());
        let head = within("compare log and projection", head).await?;
        Ok(head.is_some_and(|head| head.unprojected))
    }

    async fn behind(&self, after: Option<UserId>, limit: u16) -> PortResult<Vec<UserId>> {
        // Written out, not bound: the partial index is used only for the very same condition.
        let ahead = Entity::find().filter(Expr::col(Column::Unprojected));
        users(self, ahead, after, limit).await
    }

    async fn lag(&self) -> PortResult<u64> {
        let reader = self.reader();
        let statement = Statement::from_string(reader.get_database_backend(), LAG);
        let context = "measure how far projections lag";
        let row = within(context, reader.query_one_raw(statement)).await?;
        let lag: Option<i64> = row
            .map(|row| row.try_get_by_index(0).map_err(failed(context)))
            .transpose()?;
        Ok(lag.unwrap_or_default().unsigned_abs())
    }

    async fn users(&self, after: Option<UserId>, limit: u16) -> PortResult<Vec<UserId>> {
        users(self, Entity::find(), after, limit).await
    }
}

async fn users(
    database: &Database,
    heads: Select<Entity>,
    after: Option<UserId>,
    limit: u16,
) -> PortResult<Vec<UserId>> {
    let heads = match after {
        None => heads,
        Some(user) => heads.filter(Column::UserId.gt(user.uuid())),
    };
    let heads = heads
        .order_by_asc(Column::UserId)
        .limit(u64::from(limit))
        .all(database.reader());
    let heads = within("list users with a log", heads).await?;
    Ok(heads.into_iter().map(|head| head.user_id.into()).collect())
}
