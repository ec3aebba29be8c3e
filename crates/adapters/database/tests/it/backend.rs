//! A migrated database for one test.

use std::ops::Deref;
use std::time::Duration;

use database::{Database, Options};
use testkit::postgres;

/// A database with its schema, of this test alone.
pub(crate) struct Backend {
    database: Database,
    url: String,
    /// What keeps it there: a folder or a database on a server.
    _place: Box<dyn Send + Sync>,
}

impl Backend {
    /// On SQLite, in a file.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        migrate(url.clone()).await;
        Self::at(url, folder).await
    }

    /// On Postgres.
    pub(crate) async fn postgres() -> Self {
        let database = postgres::migrated(migrate).await;
        Self::at(database.url().to_owned(), database).await
    }

    /// Other connections to the same database, as another process would have.
    pub(crate) async fn again(&self) -> Database {
        connect(&self.url).await
    }

    /// The same, of a process that claims requests under this name.
    pub(crate) async fn process(&self, holder: uuid::Uuid) -> Database {
        connect_as(&self.url, holder).await
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    async fn at(url: String, place: impl Send + Sync + 'static) -> Self {
        Self {
            database: connect(&url).await,
            url,
            _place: Box::new(place),
        }
    }
}

impl Deref for Backend {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

/// Connects with the usual options.
pub(crate) async fn connect(url: &str) -> Database {
    connect_as(url, uuid::Uuid::nil()).await
}

async fn connect_as(url: &str, holder: uuid::Uuid) -> Database {
    // Patient, so that a busy machine does not look like a database that is away.
    let acquire_timeout = Duration::from_mins(1);
    let options = Options {
        acquire_timeout,
        holder,
        ..Options::default()
    };
    Database::connect(url, options).await.unwrap()
}

async fn migrate(url: String) {
    let database = connect(&url).await;
    database.migrate().await.unwrap();
    database.close().await.unwrap();
}
