//! Looks after the jobs as a whole.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jobs::{Depth, JobYard, Kind};
use kernel::{PortResult, Timestamp};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Keyword};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::rows::{DONE, FAILED, RUNNING, WAITING};
use crate::Database;
use crate::convert::optional_moment;
use crate::error::{retrying, within};
use crate::tables::jobs::{Column, Entity};

#[async_trait]
impl JobYard for Database {
    async fn depths(&self, now: Timestamp) -> PortResult<Vec<Depth>> {
        let mut depths = BTreeMap::new();
        for (kind, state, count, due_since) in counts(self, now).await? {
            let none = || Depth::none(Kind::new(kind.clone()));
            let depth = depths.entry(kind.clone()).or_insert_with(none);
            let count = count.unsigned_abs();
            match state.as_str() {
                WAITING => depth.waiting = count,
                RUNNING => depth.running = count,
                FAILED => depth.failed = count,
                _ => {}
            }
            let due_since = optional_moment(due_since)?;
            depth.due_since = [depth.due_since, due_since].into_iter().flatten().min();
        }
        Ok(depths.into_values().collect())
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        retrying(|| purge(self, before)).await
    }
}

type Count = (String, String, i64, Option<i64>);

async fn counts(database: &Database, now: Timestamp) -> PortResult<Vec<Count>> {
    let is_due = Expr::col(Column::DueAt)
        .lte(now.timestamp_millis())
        .and(Expr::col(Column::EndedAt).is_null());
    let due_at = CaseStatement::new()
        .case(is_due, Expr::col(Column::DueAt))
        .finally(Keyword::Null);
    let counts = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::State])
        .column_as(Column::Id.count(), "count")
        .column_as(Expr::expr(due_at).min(), "due_since")
        .filter(Column::State.ne(DONE))
        .group_by(Column::Kind)
        .group_by(Column::State)
        .into_tuple()
        .all(database.reader());
    within("count jobs", counts).await
}

async fn purge(database: &Database, before: Timestamp) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let delete = Entity::delete_many()
        .filter(Column::EndedAt.lt(before.timestamp_millis()))
        .exec(&tx);
    let purged = within("purge jobs", delete).await?.rows_affected;
    within("purge jobs", tx.commit()).await?;
    Ok(purged)
}
