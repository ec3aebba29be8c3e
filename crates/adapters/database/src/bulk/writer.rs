//! One transaction of many rows.

use std::sync::Arc;

use kernel::{Fault, PortError, PortResult};
use sea_orm::sea_query::{Alias, Expr, Query, Value};
use sea_orm::sqlx::{AssertSqlSafe, Error, Executor, Postgres, Transaction};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, RuntimeErr};

use super::{Rows, copy};
use crate::Database;
use crate::error::{failed, within};

/// How much text is handed to Postgres at a time.
const PORTION_BYTES: usize = 256 * 1024;
/// The most values of one statement that SQLite takes are 32,766.
const MOST_VALUES: usize = 30_000;

/// Writes many rows, all or none; dropped without [`Self::commit`] nothing has been written.
pub(crate) enum BulkTx {
    /// Straight on a connection of the driver: the ORM does not know `COPY`.
    Postgres(Transaction<'static, Postgres>),
    Sqlite(DatabaseTransaction),
}

impl BulkTx {
    pub(crate) async fn begin(database: &Database) -> PortResult<Self> {
        if database.is_sqlite() {
            return Ok(Self::Sqlite(database.begin_write().await?));
        }
        let pool = database.reader().get_postgres_connection_pool();
        let mut tx = pool.begin().await.map_err(driver("begin to copy"))?;
        let unlimited = tx.execute("SET LOCAL statement_timeout = 0");
        unlimited.await.map_err(driver("begin to copy"))?;
        Ok(Self::Postgres(tx))
    }

    pub(crate) async fn insert(&mut self, rows: Rows) -> PortResult<()> {
        if rows.values.is_empty() {
            return Ok(());
        }
        match self {
            Self::Postgres(tx) => copy_in(tx, &rows).await,
            Self::Sqlite(tx) => insert(tx, rows).await,
        }
    }

    /// Removes all rows of a table.
    pub(crate) async fn clear(&mut self, table: &'static str) -> PortResult<()> {
        let (context, clear) = ("clear a table", format!("DELETE FROM \"{table}\""));
        match self {
            Self::Postgres(tx) => {
                let cleared = tx.execute(AssertSqlSafe(clear)).await;
                cleared.map(drop).map_err(driver(context))
            }
            Self::Sqlite(tx) => {
                let cleared = tx.execute_unprepared(&clear);
                within(context, cleared).await.map(drop)
            }
        }
    }

    pub(crate) async fn commit(self) -> PortResult<()> {
        let context = "commit many rows";
        match self {
            Self::Postgres(tx) => tx.commit().await.map_err(driver(context)),
            Self::Sqlite(tx) => tx.commit().await.map_err(failed(context)),
        }
    }
}

async fn copy_in(tx: &mut Transaction<'static, Postgres>, rows: &Rows) -> PortResult<()> {
    let failed = || driver("copy rows");
    let mut copy = tx
        .copy_in_raw(&copy::statement(rows))
        .await
        .map_err(failed())?;
    let mut text = String::with_capacity(PORTION_BYTES * 2);
    for row in &rows.values {
        copy::append(&mut text, row)?;
        if text.len() >= PORTION_BYTES {
            copy.send(text.as_bytes()).await.map_err(failed())?;
            text.clear();
        }
    }
    copy.send(text.as_bytes()).await.map_err(failed())?;
    copy.finish().await.map(drop).map_err(failed())
}

async fn insert(tx: &DatabaseTransaction, rows: Rows) -> PortResult<()> {
    let at_once = (MOST_VALUES / rows.columns.len().max(1)).max(1);
    let mut values = rows.values.into_iter().peekable();
    while values.peek().is_some() {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(&rows.table));
        insert.columns(rows.columns.iter().map(Alias::new));
        for row in values.by_ref().take(at_once) {
            let row = row.into_iter().map(Expr::value::<Value>);
            let refused = |e| PortError::new(Fault::Refused, "write a row", e);
            insert.values(row).map_err(refused)?;
        }
        within("insert many rows", tx.execute(&insert)).await?;
    }
    Ok(())
}

/// What a failure of the driver means.
fn driver(context: &'static str) -> impl FnOnce(Error) -> PortError {
    move |cause| failed(context)(DbErr::Exec(RuntimeErr::SqlxError(Arc::new(cause))))
}
