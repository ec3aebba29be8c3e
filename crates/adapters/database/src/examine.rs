//! What the operator's doctor asks of the database. Nothing is migrated and nothing stays written.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use kernel::{Fault, PortError, PortResult, Timestamp};
use migrations::Migrator;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable};
use sea_orm_migration::MigratorTrait;

use crate::Database;
use crate::error::{failed, within};

const EXAMINE: &str = "examine the database";
const WRITE: &str = "write to the database";
/// Where migrations are noted.
const APPLIED: &str = "SELECT version FROM seaql_migrations";
/// What a schema that is complete lets us do; nothing is there to be deleted.
const TRY_CHANGE: [&str; 1] = ["DELETE FROM users WHERE 1 = 0"];
/// What bringing the schema up to date needs.
const TRY_MIGRATION: [&str; 4] = [
    "CREATE TABLE doctor_probe (id INTEGER PRIMARY KEY)",
    "INSERT INTO doctor_probe (id) VALUES (1)",
    "DELETE FROM doctor_probe",
    "DROP TABLE doctor_probe",
];
/// Tables of Postgres that this user may not read and change in every way.
const CLOSED: &str = "SELECT tablename FROM pg_tables \
    CROSS JOIN LATERAL (SELECT format('%I.%I', schemaname, tablename) AS name) AS named \
    WHERE schemaname = current_schema() AND NOT ( \
    has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT') \
    AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE')) \
    ORDER BY tablename";

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// `SQLite` or `Postgres`, and its version.
    pub version: String,
    /// Migrations of this binary that the database has not seen, first to last.
    pub pending: Vec<String>,
    /// Migrations of the database that this binary does not know.
    pub unknown: Vec<String>,
    /// Tables that this user may not read and change in every way.
    pub closed_tables: Vec<String>,
}

/// How the schema stands to this binary.
pub(crate) struct Standing {
    /// First to last.
    pub(crate) pending: Vec<String>,
    unknown: Vec<String>,
}

/// The file of an SQLite URL; `None` for Postgres, a database in memory, and what is no URL.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let is_file = url.starts_with("sqlite:") && !url.contains("memory");
    let options: SqliteConnectOptions = is_file.then(|| url.parse().ok())??;
    Some(options.get_filename().to_owned())
}

impl Database {
    /// Version, schema and rights. A table is made and dropped again in a transaction that is
    /// rolled back.
    ///
    /// # Errors
    /// `Unavailable` when it does not answer in time, `Refused` when this user may not write, or not
    /// make the tables that are missing.
    pub async fn examine(&self) -> PortResult<Examined> {
        let Standing { pending, unknown } = standing(self.reader()).await?;
        let tried = if pending.is_empty() {
            &TRY_CHANGE[..]
        } else {
            &TRY_MIGRATION
        };
        self.try_in_vain(tried).await?;
        Ok(Examined {
            version: self.version().await?,
            pending,
            unknown,
            closed_tables: self.closed_tables().await?,
        })
    }

    async fn version(&self) -> PortResult<String> {
        let (name, sql) = if self.is_sqlite() {
            ("SQLite", "SELECT sqlite_version()")
        } else {
            ("Postgres", "SHOW server_version")
        };
        let version = self.texts(sql).await?.pop();
        let version = version.ok_or_else(|| PortError::bare(Fault::Corrupt, EXAMINE))?;
        Ok(format!("{name} {version}"))
    }

    /// The server's clock; `None` where it is this machine's.
    pub async fn server_time(&self) -> PortResult<Option<Timestamp>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let now: Vec<DateTime<Utc>> = self.column("SELECT clock_timestamp()").await?;
        Ok(now.into_iter().next())
    }

    async fn closed_tables(&self) -> PortResult<Vec<String>> {
        if self.is_sqlite() {
            return Ok(Vec::new());
        }
        self.texts(CLOSED).await
    }

    async fn try_in_vain(&self, statements: &[&str]) -> PortResult<()> {
        let tx = self.begin_write().await?;
        for sql in statements {
            let tried = tx.execute_unprepared(sql).await;
            tried.map_err(failed(WRITE))?;
        }
        tx.rollback().await.map_err(failed(WRITE))
    }

    async fn texts(&self, sql: &str) -> PortResult<Vec<String>> {
        self.column(sql).await
    }

    async fn column<T: TryGetable>(&self, sql: &str) -> PortResult<Vec<T>> {
        column(self.reader(), sql).await
    }
}

/// Compares what is noted in the database with what this binary brings, by the connection that has
/// the transaction where there is one: a database in memory has no other.
pub(crate) async fn standing(on: &impl ConnectionTrait) -> PortResult<Standing> {
    let applied = applied(on).await?;
    let migrations = Migrator::migrations();
    let known = migrations
        .iter()
        .map(|migration| migration.name().to_owned());
    let known: Vec<_> = known.collect();
    Ok(Standing {
        pending: without(&known, &applied),
        unknown: without(&applied, &known),
    })
}

async fn applied(on: &impl ConnectionTrait) -> PortResult<Vec<String>> {
    let is_there = if on.get_database_backend() == DbBackend::Sqlite {
        "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'"
    } else {
        "SELECT to_regclass('seaql_migrations')::text WHERE \
         to_regclass('seaql_migrations') IS NOT NULL"
    };
    if column::<String>(on, is_there).await?.is_empty() {
        return Ok(Vec::new());
    }
    column(on, APPLIED).await
}

async fn column<T: TryGetable>(on: &impl ConnectionTrait, sql: &str) -> PortResult<Vec<T>> {
    let statement = Statement::from_string(on.get_database_backend(), sql);
    let rows = within(EXAMINE, on.query_all_raw(statement)).await?;
    let read = |row: QueryResult| row.try_get_by_index(0);
    let read: Result<Vec<T>, _> = rows.into_iter().map(read).collect();
    read.map_err(failed(EXAMINE))
}

fn without(names: &[String], others: &[String]) -> Vec<String> {
    let rest = names.iter().filter(|name| !others.contains(name));
    rest.cloned().collect()
}
