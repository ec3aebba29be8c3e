//! What the operator's doctor asks of the database. Nothing is migrated and nothing stays written.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use kernel::{Fault, PortError, PortResult, Timestamp};
use migrations::Migrator;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectionTrait, QueryResult, Statement, TryGetable};
use sea_orm_migration::MigratorTrait;

use crate::Database;
use crate::error::{failed, within};

const EXAMINE: &str = "examine the database";
const WRITE: &str = "make, fill and drop a table";
/// Where migrations are noted.
const APPLIED: &str = "SELECT version FROM seaql_migrations";
const TRY_RIGHTS: [&str; 4] = [
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
    /// `Unavailable` when it does not answer in time, `Refused` when this user may not make tables,
    /// without which nothing starts.
    pub async fn examine(&self) -> PortResult<Examined> {
        let applied = self.applied().await?;
        let known: Vec<_> = Migrator::migrations()
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect();
        let not_in = |names: &[String], others: &[String]| {
            let missing = names.iter().filter(|name| !others.contains(name));
            missing.cloned().collect::<Vec<_>>()
        };
        self.try_rights().await?;
        Ok(Examined {
            version: self.version().await?,
            pending: not_in(&known, &applied),
            unknown: not_in(&applied, &known),
            closed_tables: self.closed_tables().await?,
        })
    }

    async fn applied(&self) -> PortResult<Vec<String>> {
        let is_there = if self.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'"
        } else {
            "SELECT to_regclass('seaql_migrations')::text WHERE \
             to_regclass('seaql_migrations') IS NOT NULL"
        };
        if self.texts(is_there).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.texts(APPLIED).await
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

    async fn try_rights(&self) -> PortResult<()> {
        let tx = self.begin_write().await?;
        for sql in TRY_RIGHTS {
            let tried = tx.execute_unprepared(sql).await;
            tried.map_err(failed(WRITE))?;
        }
        tx.rollback().await.map_err(failed(WRITE))
    }

    async fn texts(&self, sql: &str) -> PortResult<Vec<String>> {
        self.column(sql).await
    }

    async fn column<T: TryGetable>(&self, sql: &str) -> PortResult<Vec<T>> {
        let backend = self.reader().get_database_backend();
        let statement = Statement::from_string(backend, sql);
        let rows = within(EXAMINE, self.reader().query_all_raw(statement)).await?;
        let read = |row: QueryResult| row.try_get_by_index(0);
        let read: Result<Vec<T>, _> = rows.into_iter().map(read).collect();
        read.map_err(failed(EXAMINE))
    }
}
