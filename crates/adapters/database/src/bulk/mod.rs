//! Many rows at once, in one transaction: `COPY` on Postgres, statements of many rows on SQLite.

mod copy;
mod rows;
mod writer;

pub(crate) use rows::Rows;
pub(crate) use writer::BulkTx;
