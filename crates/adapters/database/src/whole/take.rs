//! Storing all rows of another place.

use kernel::{Fault, PortError, PortResult};
use moving::{Giver, Table};
use sea_orm::sea_query::Value;
use serde_json::Value as Json;

use super::cells::Kind;
use super::shape::{BEGUN, tables, unfit};
use crate::Database;
use crate::bulk::{BulkTx, Rows};

/// Rows that are stored at a time.
const AT_ONCE: usize = 2_000;

pub(super) async fn take(database: &Database, giver: &mut dyn Giver) -> PortResult<()> {
    let ours = tables(database.reader()).await?;
    let mut tx = BulkTx::begin(database).await?;
    tx.clear(BEGUN).await?;
    for table in ours {
        let theirs = giver.table(&table.name).await?;
        if !same(&table, &theirs) {
            return Err(unfit("find the columns of a table"));
        }
        while let Some(rows) = next(&theirs, giver).await? {
            tx.insert(rows).await?;
        }
    }
    tx.commit().await
}

/// The order of columns may differ.
fn same(ours: &Table, theirs: &Table) -> bool {
    let sorted = |table: &Table| {
        let mut columns = table.columns.clone();
        columns.sort();
        columns
    };
    sorted(ours) == sorted(theirs)
}

async fn next(table: &Table, giver: &mut dyn Giver) -> PortResult<Option<Rows>> {
    let kinds: PortResult<Vec<Kind>> = table.columns.iter().map(|c| Kind::named(&c.kind)).collect();
    let (kinds, mut values) = (kinds?, Vec::new());
    while values.len() < AT_ONCE
        && let Some(line) = giver.row().await?
    {
        values.push(row(&line, &kinds)?);
    }
    let columns = table.columns.iter().map(|column| column.name.clone());
    Ok((!values.is_empty()).then(|| Rows {
        table: table.name.clone(),
        columns: columns.collect(),
        values,
    }))
}

fn row(line: &str, kinds: &[Kind]) -> PortResult<Vec<Value>> {
    let values: Vec<Json> = serde_json::from_str(line)
        .map_err(|e| PortError::new(Fault::Corrupt, "read a row of an archive", e))?;
    if values.len() != kinds.len() {
        return Err(unfit("find a value for each column"));
    }
    let values = values.into_iter().zip(kinds);
    values.map(|(value, kind)| kind.parse(value)).collect()
}
