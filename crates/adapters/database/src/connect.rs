//! How connections are made, for each kind of database.

use std::time::Duration;

use calls::CallRules;
use kernel::{Fault, PortError, PortResult};
use patience::{Backoff, BreakerRules};
use sea_orm::prelude::Uuid;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database as Orm, DatabaseConnection};

use crate::error::within;
use crate::private_file;

/// What can be set about the connections.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The most connections at once (on SQLite: that read), at least 1.
    pub max_connections: u32,
    /// How long a request waits for a connection before it fails as unavailable.
    pub acquire_timeout: Duration,
    /// Who claims requests: the same for all processes of which only one can run at a time.
    pub holder: Uuid,
}

impl Default for Options {
    /// Ten connections, three seconds, a holder without name.
    fn default() -> Self {
        Self {
            max_connections: 10,
            acquire_timeout: Duration::from_secs(3),
            holder: Uuid::nil(),
        }
    }
}

/// How transactions are begun. While none can be, requests fail at once and what waits in the journal
/// is tried every few seconds. What lost against another transaction is repeated elsewhere.
pub(crate) const RULES: CallRules = CallRules {
    within: Duration::from_secs(16),
    retries: Backoff::NEVER,
    breaker: BreakerRules {
        failures: 5,
        window: Duration::from_secs(15),
        pause: Duration::from_millis(500),
        longest_pause: Duration::from_secs(4),
        trial: Duration::from_secs(5),
    },
};

/// A connection idle for longer is tried before it is used, for the server may have restarted.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// How long a writer waits for another process that writes the same SQLite file.
const SQLITE_BUSY: Duration = Duration::from_secs(10);

/// Bounds on the server's side, so that a client that stalls holds no lock for ever.
const POSTGRES_SETTINGS: [(&str, &str); 4] = [
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("default_transaction_isolation", "read committed"),
];

/// The connection that writes and the connections that read; on Postgres the same pool.
pub(crate) async fn pools(
    url: &str,
    options: Options,
) -> PortResult<(DatabaseConnection, DatabaseConnection)> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => sqlite(url, options).await,
        Some("postgres" | "postgresql") => {
            let pool = open(postgres(url, options)).await?;
            Ok((pool.clone(), pool))
        }
        _ => Err(PortError::bare(
            Fault::Refused,
            "connect: the database URL begins with neither sqlite: nor postgres:",
        )),
    }
}

fn postgres(url: &str, options: Options) -> ConnectOptions {
    let mut connect = base(url, options);
    connect
        .set_application_name("smartsight")
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .map_sqlx_postgres_opts(|options| options.options(POSTGRES_SETTINGS));
    connect
}

async fn sqlite(
    url: &str,
    options: Options,
) -> PortResult<(DatabaseConnection, DatabaseConnection)> {
    let one = Options {
        max_connections: 1,
        acquire_timeout: SQLITE_BUSY,
        ..options
    };
    if url.contains(":memory:") || url.contains("mode=memory") {
        let only = open(sqlite_pool(url, one, false)).await?;
        return Ok((only.clone(), only));
    }
    own_files(url)?;
    let writer = open(sqlite_pool(url, one, false)).await?;
    let reader = open(sqlite_pool(url, options, true)).await?;
    Ok((writer, reader))
}

/// Connections to SQLite are never let go: opening one is dear, and an in-memory database lives
/// only as long as its connection.
fn sqlite_pool(url: &str, options: Options, read_only: bool) -> ConnectOptions {
    let mut connect = base(url, options);
    connect
        .test_before_acquire(false)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .map_sqlx_sqlite_opts(move |options| {
            let options = sqlite_file(options);
            if read_only {
                options.pragma("query_only", "ON")
            } else {
                options
            }
        });
    connect
}

/// `FULL` makes every commit wait for the disk: what was acknowledged survives a power cut. What is
/// deleted is overwritten, so that the file holds nothing of erased users.
fn sqlite_file(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("secure_delete", "ON")
        .busy_timeout(SQLITE_BUSY)
}

/// Sees to it that the file is there and that only its owner can open it and what lies beside it.
/// SQLite gives its log the permissions of the file.
fn own_files(url: &str) -> PortResult<()> {
    let parsed: SqliteConnectOptions = url
        .parse()
        .map_err(|e: sea_orm::SqlxError| PortError::new(Fault::Refused, "read SQLite URL", e))?;
    private_file::own(parsed.get_filename())
        .map_err(|e| PortError::new(Fault::Refused, "create the SQLite file", e))
}

fn base(url: &str, options: Options) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        .sqlx_logging(false);
    connect
}

async fn open(options: ConnectOptions) -> PortResult<DatabaseConnection> {
    within("connect to the database", Orm::connect(options)).await
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};
    use testkit::postgres;

    use super::*;

    async fn value(db: &DatabaseConnection, sql: &str) -> String {
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        let number = row
            .try_get_by_index::<i64>(0)
            .map(|number| number.to_string());
        number.or_else(|_| row.try_get_by_index(0)).unwrap()
    }

    #[tokio::test]
    async fn what_sqlite_acknowledges_is_on_the_disk_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/new/x.db", folder.path().display());
        let (writer, reader) = pools(&url, Options::default()).await.unwrap();
        for (pragma, set) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
            ("secure_delete", "1"),
            ("busy_timeout", "10000"),
            ("query_only", "0"),
        ] {
            assert_eq!(
                value(&writer, &format!("PRAGMA {pragma}")).await,
                set,
                "{pragma}"
            );
        }
        assert_eq!(value(&reader, "PRAGMA query_only").await, "1");
    }

    #[track_caller]
    fn assert_private(folder: &std::path::Path) {
        use std::os::unix::fs::PermissionsExt;
        for name in ["x.db", "x.db-wal", "x.db-shm"] {
            let mode = folder.join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[tokio::test]
    async fn only_its_owner_opens_the_file_of_sqlite_and_its_log() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/x.db", folder.path().display());
        let first = pools(&url, Options::default()).await.unwrap();
        value(&first.0, "PRAGMA user_version = 1; SELECT 1").await;
        assert_private(folder.path());
        for name in ["x.db", "x.db-wal", "x.db-shm"] {
            let open = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(folder.path().join(name), open).unwrap();
        }
        let again = pools(&url, Options::default()).await.unwrap();
        assert_private(folder.path());
        drop((first, again));
    }

    #[tokio::test]
    async fn postgres_bounds_what_a_stalled_client_can_hold() {
        let database = postgres::empty();
        let (db, _) = pools(database.url(), Options::default()).await.unwrap();
        for (setting, set) in POSTGRES_SETTINGS {
            assert_eq!(
                value(&db, &format!("SHOW {setting}")).await,
                set,
                "{setting}"
            );
        }
    }
}
