//! The database as a whole.

use std::sync::Arc;

use calls::Guard;
use kernel::PortResult;
use migrations::Migrator;
use sea_orm::prelude::Uuid;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    IsolationLevel, QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::connect::{self, Options};
use crate::error::{failed, within};
use crate::examine::standing;
use crate::signals::Signals;
use crate::tables::users;

/// Every stored port, on SQLite or Postgres. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    holder: Uuid,
    signals: Signals,
    /// Stands before transactions.
    guard: Arc<Guard>,
}

/// Any number will do; all processes of this server use the same.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7239041)";
/// A migration may take long, and may wait long for another process that migrates.
const WITHOUT_LIMITS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";

impl Database {
    /// Connects to `sqlite:PATH` (file and folder are created; `sqlite::memory:` works) or
    /// `postgres://…`. The schema is not touched, see [`Self::migrate`].
    ///
    /// # Errors
    /// `Unavailable` when the server cannot be reached in time or does not let us in, `Refused`
    /// for a URL that cannot be used.
    pub async fn connect(url: &str, options: Options) -> PortResult<Self> {
        let (writer, reader) = connect::pools(url, options).await?;
        Ok(Self {
            writer,
            reader,
            holder: options.holder,
            signals: Signals::default(),
            guard: Arc::new(Guard::new("database", connect::RULES)),
        })
    }

    /// Whether the database answers and has its schema. Takes no lock and waits for no writer.
    pub async fn check(&self) -> PortResult<()> {
        let anybody = users::Entity::find().limit(1).all(&self.reader);
        let asked = within("check the database", anybody);
        self.guard.once("check the database", asked).await.map(drop)
    }

    /// Brings the schema up to date, all or nothing. Several processes may start at once: one
    /// migrates and the others wait for it. A schema that is newer is left as it is: new versions
    /// only add, so this one goes on serving, and starts again.
    pub async fn migrate(&self) -> PortResult<()> {
        let context = "migrate the database";
        let tx = self.begin_write().await?;
        if tx.get_database_backend() == DbBackend::Postgres {
            for setting in [WITHOUT_LIMITS, MIGRATION_LOCK] {
                let set = tx.execute_unprepared(setting).await;
                set.map_err(failed(context))?;
            }
        }
        if !standing(&tx).await?.pending.is_empty() {
            Migrator::up(&tx, None).await.map_err(failed(context))?;
        }
        tx.commit().await.map_err(failed(context))
    }

    /// Tells the planner what there is, after much of it was stored at once. What Postgres does by
    /// itself after a while; SQLite plans without.
    pub async fn plan_anew(&self) -> PortResult<()> {
        if self.is_sqlite() {
            return self.settle_log().await;
        }
        let (context, tx) = ("analyze the tables", self.begin_write().await?);
        for statement in [WITHOUT_LIMITS, "ANALYZE"] {
            let done = tx.execute_unprepared(statement).await;
            done.map_err(failed(context))?;
        }
        tx.commit().await.map_err(failed(context))
    }

    /// Closes all connections; clones can no longer be used either.
    pub async fn close(self) -> PortResult<()> {
        within("close the database", self.reader.close()).await?;
        within("close the database", self.writer.close()).await
    }

    /// Brings what SQLite has written beside its file into it and empties the rest, as far as nobody
    /// reads: what was deleted stands in old pages there. Postgres does its own cleaning.
    pub(crate) async fn settle_log(&self) -> PortResult<()> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let settle = self
            .writer
            .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)");
        within("empty the write-ahead log", settle).await.map(drop)
    }

    /// Who claims requests.
    pub(crate) const fn holder(&self) -> Uuid {
        self.holder
    }

    /// Who is told of commits.
    pub(crate) const fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Whether it is a file of this machine, which one process writes at a time.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// Connections for single writes that depend on nothing read before.
    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Connections for single reads.
    pub(crate) const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A transaction that writes. SQLite takes its one write lock at once, so that two
    /// transactions cannot both read first and then fail to write.
    pub(crate) async fn begin_write(&self) -> PortResult<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = within("begin to write", self.writer.begin_with_options(options));
        self.guard.once("begin to write", begun).await
    }

    /// A transaction whose reads all see the same moment.
    pub(crate) async fn begin_snapshot(&self) -> PortResult<DatabaseTransaction> {
        let postgres = self.reader.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let begun = within("begin to read", self.reader.begin_with_options(options));
        self.guard.once("begin to read", begun).await
    }
}
