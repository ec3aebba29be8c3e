//! All rows there are, whatever table they stand in.
//!
//! Tables and columns are read off the database, so a new migration needs nothing here. Tables come
//! in the order in which they were made: what is pointed to was made before what points to it.

mod cells;
mod give;
mod shape;
mod take;

use async_trait::async_trait;
use kernel::PortResult;
use moving::{Giver, Tables, Taker};

use crate::Database;

#[async_trait]
impl Tables for Database {
    async fn schema(&self) -> PortResult<Vec<String>> {
        shape::migrations(self.reader()).await
    }

    async fn occupied(&self) -> PortResult<Option<String>> {
        shape::occupied(self.reader()).await
    }

    async fn give(&self, taker: &mut dyn Taker) -> PortResult<()> {
        give::give(self, taker).await
    }

    async fn take(&self, giver: &mut dyn Giver) -> PortResult<()> {
        take::take(self, giver).await?;
        self.plan_anew().await
    }
}
