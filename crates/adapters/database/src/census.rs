//! Counts what is stored, over all users.

use async_trait::async_trait;
use auth::{AccountTotals, Census, Role, StudyTotals, Totals};
use kernel::{Date, Fault, PortError, PortResult};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select,
};

use crate::Database;
use crate::convert::day;
use crate::error::within;
use crate::tables::{accounts, sessions, topic_stats, users};

#[async_trait]
impl Census for Database {
    async fn totals(&self, today: Date) -> PortResult<Totals> {
        let snapshot = self.begin_snapshot().await?;
        let open = sessions::Entity::find().filter(sessions::Column::EndedAt.is_null());
        let totals = Totals {
            users: count(&snapshot, users::Entity::find()).await?,
            accounts: account_totals(&snapshot).await?,
            open_sessions: count(&snapshot, open).await?,
            sessions: count(&snapshot, sessions::Entity::find()).await?,
            learning_events: events(&snapshot).await?,
            study: study_totals(&snapshot, today).await?,
        };
        within("end counting", snapshot.commit()).await?;
        Ok(totals)
    }
}

async fn account_totals(from: &DatabaseTransaction) -> PortResult<AccountTotals> {
    use accounts::{Column, Entity};
    let of = |role: Role| Entity::find().filter(Column::Role.eq(role.as_str()));
    let disabled = Entity::find().filter(Column::DisabledAt.is_not_null());
    Ok(AccountTotals {
        users: count(from, of(Role::User)).await?,
        admins: count(from, of(Role::Admin)).await?,
        disabled: count(from, disabled).await?,
    })
}

async fn study_totals(from: &DatabaseTransaction, today: Date) -> PortResult<StudyTotals> {
    Ok(StudyTotals {
        last_7_days_ms: studied_since(from, first_of(today, 7)).await?,
        last_30_days_ms: studied_since(from, first_of(today, 30)).await?,
    })
}

/// The first of so many days, the last of which is today.
fn first_of(today: Date, days: u64) -> Date {
    let first = today.checked_sub_days(chrono::Days::new(days - 1));
    day(first.unwrap_or(Date::MIN))
}

async fn count<E>(from: &DatabaseTransaction, rows: Select<E>) -> PortResult<u64>
where
    E: EntityTrait<Model: Sync>,
{
    within("count rows", rows.count(from)).await
}

/// Each session knows how many it has: there are a hundred times fewer of them than of events.
async fn events(from: &DatabaseTransaction) -> PortResult<u64> {
    let sum = Expr::col(sessions::Column::EventCount).sum();
    let sum = sessions::Entity::find()
        .select_only()
        .expr(sum.cast_as("bigint"))
        .into_tuple::<Option<i64>>()
        .one(from);
    let sum = within("add events up", sum).await?.flatten();
    Ok(sum.unwrap_or_default().unsigned_abs())
}

/// Postgres adds whole numbers up to a decimal one.
async fn studied_since(from: &DatabaseTransaction, first: Date) -> PortResult<i64> {
    use topic_stats::{Column, Entity};
    let sum = Expr::col(Column::DurationMs).sum().cast_as("bigint");
    let sum = Entity::find()
        .select_only()
        .expr(sum)
        .filter(Column::Date.gte(first))
        .into_tuple::<Option<i64>>()
        .one(from);
    let sum = within("add study time up", sum).await?;
    let sum = sum.ok_or(PortError::bare(Fault::Corrupt, "add study time up"))?;
    Ok(sum.unwrap_or_default())
}
