//! Keeps what providers have billed, and adds it up.

use async_trait::async_trait;
use kernel::{Cursor, Date, Page, PageRequest, PortResult, Timestamp, UserId, Zone, local_date};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use spending::{Charge, ChargeStore, DaySpending, Spent};

use crate::Database;
use crate::charge_sums::{Sums, summed};
use crate::convert::{text, zone};
use crate::error::{retrying, within};
use crate::tables::charges::{ActiveModel, Column, Entity};
use crate::tables::users;
use crate::tokens::{columns, counted, into_row, stored};
use crate::user_tx::{UserTx, once};

#[async_trait]
impl ChargeStore for Database {
    async fn store(&self, charge: &Charge) -> PortResult<()> {
        retrying(|| store(self, charge)).await
    }

    async fn spent(&self, user: UserId, now: Timestamp) -> PortResult<Spent> {
        let zone = zone_of(self.reader(), user).await?;
        let sum = Expr::col(Column::CostMicros).sum().cast_as("bigint");
        let micros = Entity::find()
            .select_only()
            .expr(sum)
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::Date.eq(local_date(now, zone)))
            .into_tuple::<Option<i64>>()
            .one(self.reader());
        let micros = within("add up what was spent today", micros).await?;
        Ok(Spent {
            micros: counted(micros.flatten().unwrap_or_default())?,
            zone,
        })
    }

    async fn days(&self, of: Option<UserId>, page: PageRequest) -> PortResult<Page<DaySpending>> {
        let days = days_of(of, page)
            .into_tuple::<(Date, Uuid)>()
            .all(self.reader());
        let days = within("list days on which something was spent", days).await?;
        let (Some(newest), Some(oldest)) = (days.first(), days.last()) else {
            return Ok(Page::from_overfull(Vec::new(), page.limit(), cursor));
        };
        let between = place().lte(value(*newest)).and(place().gte(value(*oldest)));
        let sums = summed(of_user(Entity::find(), of).filter(between));
        let sums = sums.into_model::<Sums>().all(self.reader());
        let sums = within("add up what was spent", sums).await?;
        let days = crate::charge_sums::days(&sums)?;
        Ok(Page::from_overfull(days, page.limit(), cursor))
    }
}

/// The day is that of the user's zone as it is now; the transaction has made the user known.
async fn store(database: &Database, charge: &Charge) -> PortResult<()> {
    let tx = UserTx::begin(database, charge.user).await?;
    tx.refuse_erased(charge.at)?;
    let zone = zone_of(tx.tx(), charge.user).await?;
    let insert = Entity::insert(row(charge, local_date(charge.at, zone))?)
        .on_conflict(once(Column::Id))
        .exec_without_returning(tx.tx());
    within("insert charge", insert).await?;
    tx.commit().await
}

/// UTC for somebody of whom nothing is known.
async fn zone_of(from: &impl ConnectionTrait, user: UserId) -> PortResult<Zone> {
    let row = users::Entity::find_by_id(user.uuid()).one(from);
    let row = within("look for the user's time zone", row).await?;
    row.map_or(Ok(Zone::UTC), |row| zone(&row.zone))
}

fn row(charge: &Charge, date: Date) -> PortResult<ActiveModel> {
    let Charge {
        id,
        user,
        at,
        bill,
        cost_micros,
    } = charge;
    Ok(into_row!(
        columns(&bill.usage),
        ActiveModel {
            id: Set(id.uuid()),
            user_id: Set(user.uuid()),
            at: Set(at.timestamp_millis()),
            date: Set(date),
            work: Set(bill.work.as_str().to_owned()),
            provider: Set(text(&bill.provider)?),
            model: Set(text(&bill.model)?),
            cost_micros: Set(cost_micros.map(stored)),
        }
    ))
}

fn of_user(rows: Select<Entity>, of: Option<UserId>) -> Select<Entity> {
    match of {
        Some(user) => rows.filter(Column::UserId.eq(user.uuid())),
        None => rows,
    }
}

/// The days of one page and one more, which tells whether there is a next page.
fn days_of(of: Option<UserId>, page: PageRequest) -> Select<Entity> {
    let rows = of_user(Entity::find(), of);
    let rows = match page.after() {
        None => rows,
        Some(cursor) => rows.filter(place().lt(value((cursor.at.date_naive(), cursor.id)))),
    };
    rows.select_only()
        .column(Column::Date)
        .column(Column::UserId)
        .group_by(Column::Date)
        .group_by(Column::UserId)
        .order_by_desc(Column::Date)
        .order_by_desc(Column::UserId)
        .limit(u64::from(page.limit()) + 1)
}

fn place() -> Expr {
    Expr::tuple([Expr::col(Column::Date), Expr::col(Column::UserId)])
}

fn value((date, user): (Date, Uuid)) -> Expr {
    Expr::tuple([Expr::value(date), Expr::value(user)])
}

fn cursor(day: &DaySpending) -> Cursor {
    Cursor {
        at: day.date.and_time(chrono::NaiveTime::MIN).and_utc(),
        id: day.user.uuid(),
    }
}
