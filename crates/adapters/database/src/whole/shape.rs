//! Which tables and columns there are.

use kernel::{Fault, PortError, PortResult};
use moving::{Column, Table};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::cells::Kind;
use crate::error::{failed, within};

/// About the place itself: which migrations were applied here, which processes live here.
const STAYS: [&str; 2] = ["seaql_migrations", "processes"];
/// Has a first row from the migrations, which gives way to the one that arrives.
pub(super) const BEGUN: &str = "revocation_head";

const SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS column_type \
    FROM sqlite_master t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.rowid, c.cid";
const POSTGRES: &str = "SELECT CAST(c.relname AS text) AS table_name, \
    CAST(a.attname AS text) AS column_name, format_type(a.atttypid, NULL) AS column_type \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_attribute a ON a.attrelid = c.oid \
    WHERE c.relkind = 'r' AND n.nspname = current_schema() AND a.attnum > 0 \
    AND NOT a.attisdropped ORDER BY c.oid, a.attnum";
const MIGRATIONS: &str = "SELECT version FROM seaql_migrations ORDER BY version";

const CONTEXT: &str = "read the schema";

/// The tables whose rows move.
pub(super) async fn tables(from: &impl ConnectionTrait) -> PortResult<Vec<Table>> {
    let select = match from.get_database_backend() {
        DbBackend::Sqlite => SQLITE,
        _ => POSTGRES,
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in rows(from, select).await? {
        let text = |column| row.try_get::<String>("", column).map_err(failed(CONTEXT));
        let (name, column, type_name) = (
            text("table_name")?,
            text("column_name")?,
            text("column_type")?,
        );
        if STAYS.contains(&name.as_str()) {
            continue;
        }
        let kind = Kind::of_type(&type_name)?.name().to_owned();
        let column = Column { name: column, kind };
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => tables.push(Table {
                name,
                columns: vec![column],
            }),
        }
    }
    Ok(tables)
}

pub(super) async fn migrations(from: &impl ConnectionTrait) -> PortResult<Vec<String>> {
    let rows = rows(from, MIGRATIONS).await?;
    let version = |row: &sea_orm::QueryResult| row.try_get("", "version");
    rows.iter()
        .map(|row| version(row).map_err(failed(CONTEXT)))
        .collect()
}

pub(super) async fn occupied(from: &impl ConnectionTrait) -> PortResult<Option<String>> {
    for table in tables(from).await? {
        let any = format!("SELECT 1 AS one FROM \"{}\" LIMIT 1", table.name);
        if table.name != BEGUN && !rows(from, &any).await?.is_empty() {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

async fn rows(from: &impl ConnectionTrait, select: &str) -> PortResult<Vec<sea_orm::QueryResult>> {
    let statement = Statement::from_string(from.get_database_backend(), select);
    within(CONTEXT, from.query_all_raw(statement)).await
}

/// What arrives does not fit.
pub(super) const fn unfit(context: &'static str) -> PortError {
    PortError::bare(Fault::Corrupt, context)
}
