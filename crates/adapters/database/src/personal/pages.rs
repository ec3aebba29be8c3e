//! Reading all rows of a user, page by page.

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use kernel::{PortResult, UserId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, Value};
use sea_orm::{ConnectionTrait, QueryResult};

use super::declared::Key;
use super::declared::Personal;
use super::delete::condition;
use super::shown::place;
use crate::Database;
use crate::error::within;

/// A row can hold 200 kB of text.
const PAGE: u64 = 100;

/// Which rows, and in which order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) personal: &'static Personal,
    pub(super) order: &'static [Key],
    pub(super) user: UserId,
}

/// The rows in order; a page is read when the one before is used up.
pub(super) fn rows(
    database: &Database,
    reading: Reading,
    select: SelectStatement,
) -> BoxStream<'static, PortResult<QueryResult>> {
    let database = database.clone();
    let pages = stream::try_unfold(Some(Vec::new()), move |after| {
        let (database, select) = (database.clone(), select.clone());
        async move {
            let Some(after) = after else {
                return Ok(None);
            };
            let page = page(&database, reading, select, after).await?;
            let next = match page.last() {
                Some(last) if page.len() as u64 == PAGE => Some(place(last, reading.order)?),
                _ => None,
            };
            Ok(Some((stream::iter(page.into_iter().map(Ok)), next)))
        }
    });
    pages.try_flatten().boxed()
}

async fn page(
    database: &Database,
    reading: Reading,
    mut select: SelectStatement,
    after: Vec<Value>,
) -> PortResult<Vec<QueryResult>> {
    select
        .from(reading.personal.table)
        .cond_where(condition(reading.personal.owner, reading.user))
        .limit(PAGE);
    for key in reading.order {
        select.order_by(key.column(), sea_orm::Order::Asc);
    }
    if !after.is_empty() {
        select.cond_where(behind(reading.order, after));
    }
    within(
        "read rows to hand out",
        database.reader().query_all(&select),
    )
    .await
}

fn behind(order: &[Key], after: Vec<Value>) -> Condition {
    let columns = order.iter().map(|key| Expr::col(key.column()));
    let values = after.into_iter().map(Expr::value);
    let place = Expr::tuple(columns).gt(Expr::tuple(values));
    Condition::all().add(place)
}

/// A statement that reads these columns.
pub(super) fn columns(names: impl IntoIterator<Item = &'static str>) -> SelectStatement {
    let mut select = Query::select();
    for name in names {
        select.column(name);
    }
    select
}
