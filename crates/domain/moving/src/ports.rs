//! What is asked of the place that is left, of the one that is moved into, and of the archive.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::PortResult;
use objects::ObjectSource;
use serde::{Deserialize, Serialize};

/// A table whose rows move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the values of each row.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its values are, in the words of the database's adapter, the same for every database.
    pub kind: String,
}

/// All rows there are, but for those that are about the place itself.
#[async_trait]
pub trait Tables: Send + Sync {
    /// The migrations that were applied, by name. Rows move between equal schemas only.
    async fn schema(&self) -> PortResult<Vec<String>>;

    /// A table that holds rows already, if there is one.
    async fn occupied(&self) -> PortResult<Option<String>>;

    /// Hands on all rows as of one moment, what is pointed to before what points to it.
    async fn give(&self, taker: &mut dyn Taker) -> PortResult<()>;

    /// Stores all rows in one transaction.
    ///
    /// # Errors
    /// `Corrupt` for a table or line that does not fit; nothing is stored then.
    async fn take(&self, giver: &mut dyn Giver) -> PortResult<()>;
}

/// Takes rows, table after table.
#[async_trait]
pub trait Taker: Send {
    /// Rows of this table follow.
    async fn table(&mut self, table: &Table) -> PortResult<()>;

    /// So many rows, a line of JSON each with its line break.
    async fn rows(&mut self, lines: Bytes, count: u64) -> PortResult<()>;
}

/// Gives rows, table after table.
#[async_trait]
pub trait Giver: Send {
    /// Begins a table.
    async fn table(&mut self, name: &str) -> PortResult<Table>;

    /// Its next row as [`Taker::rows`] got it, without the line break; `None` at the end.
    ///
    /// # Errors
    /// `Corrupt` at the end if there should be more or fewer.
    async fn row(&mut self) -> PortResult<Option<String>>;
}

/// Reads an archive.
#[async_trait]
pub trait Unpacking: Send + Sync {
    /// Goes to the beginning of a file; `false` if there is none of this name.
    async fn open(&mut self, file: &str) -> PortResult<bool>;

    /// The next bytes of that file; `None` at its end.
    async fn read(&mut self) -> PortResult<Option<Bytes>>;

    /// A file that was not packed, to be read in any order; `None` if there is no such file.
    async fn source(&self, file: &str) -> PortResult<Option<Arc<dyn ObjectSource>>>;
}
