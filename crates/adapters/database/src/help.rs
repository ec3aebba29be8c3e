//! Keeps requests for help: the entry is all there is, and the counts are derived from it.

use async_trait::async_trait;
use kernel::PortResult;
use ledger::Entry;
use sessions::{HelpRequest, HelpStore, Stored};

use crate::Database;
use crate::error::retrying;
use crate::user_tx::UserTx;

#[async_trait]
impl HelpStore for Database {
    async fn add(&self, request: &HelpRequest, entry: &Entry) -> PortResult<Stored> {
        retrying(|| add(self, request, entry)).await
    }
}

async fn add(database: &Database, request: &HelpRequest, entry: &Entry) -> PortResult<Stored> {
    let mut tx = UserTx::begin(database, request.user).await?;
    let stored = tx.append(entry).await?;
    tx.commit().await?;
    Ok(stored)
}
