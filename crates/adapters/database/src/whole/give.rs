//! Handing on all rows.

use futures_util::TryStreamExt;
use kernel::{Fault, PortError, PortResult};
use moving::{Table, Taker};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, StreamTrait};
use serde_json::Value as Json;

use super::cells::Kind;
use super::shape::tables;
use crate::Database;
use crate::error::{failed, within};

/// Lines are handed on in portions of about this size.
const PORTION: usize = 64 * 1024;
const CONTEXT: &str = "read all rows";

pub(super) async fn give(database: &Database, taker: &mut dyn Taker) -> PortResult<()> {
    let snapshot = database.begin_snapshot().await?;
    if !database.is_sqlite() {
        let unlimited = snapshot.execute_unprepared("SET LOCAL statement_timeout = 0");
        within(CONTEXT, unlimited).await?;
    }
    for table in tables(&snapshot).await? {
        taker.table(&table).await?;
        rows(&snapshot, &table, taker).await?;
    }
    within("end reading", snapshot.commit()).await
}

async fn rows(from: &DatabaseTransaction, table: &Table, taker: &mut dyn Taker) -> PortResult<()> {
    let kinds: PortResult<Vec<Kind>> = table.columns.iter().map(|c| Kind::named(&c.kind)).collect();
    let (kinds, select) = (kinds?, format!("SELECT * FROM \"{}\"", table.name));
    let statement = Statement::from_string(ConnectionTrait::get_database_backend(from), select);
    let mut stream = from.stream_raw(statement).await.map_err(failed(CONTEXT))?;
    let (mut lines, mut count) = (Vec::with_capacity(PORTION * 2), 0);
    while let Some(row) = stream.try_next().await.map_err(failed(CONTEXT))? {
        let line = Json::Array(values(&row, table, &kinds)?);
        serde_json::to_writer(&mut lines, &line)
            .map_err(|e| PortError::new(Fault::Refused, "write a row", e))?;
        lines.push(b'\n');
        count += 1;
        if lines.len() >= PORTION {
            taker.rows(std::mem::take(&mut lines).into(), count).await?;
            count = 0;
        }
    }
    taker.rows(lines.into(), count).await
}

fn values(row: &QueryResult, table: &Table, kinds: &[Kind]) -> PortResult<Vec<Json>> {
    let columns = table.columns.iter().zip(kinds);
    columns
        .map(|(column, kind)| kind.read(row, &column.name))
        .collect()
}
