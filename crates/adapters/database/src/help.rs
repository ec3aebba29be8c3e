//! Keeps requests for help: the entry is all there is, and the counts are derived from it.

use async_trait::async_trait;
use kernel::{EntryId, PortResult, UserId};
use ledger::{Change, Entry};
use sessions::{HelpRequest, HelpStore, Stored};
use topics::TopicName;

use crate::Database;
use crate::error::retrying;
use crate::ledger::entry;
use crate::user_tx::UserTx;

#[async_trait]
impl HelpStore for Database {
    async fn add(&self, request: &HelpRequest, entry: &Entry) -> PortResult<Stored> {
        retrying(|| add(self, request, entry)).await
    }

    async fn counted(&self, user: UserId, id: EntryId) -> PortResult<Option<HelpRequest>> {
        let found = entry(self.reader(), user, id).await?;
        Ok(found.and_then(request_of))
    }
}

async fn add(database: &Database, request: &HelpRequest, entry: &Entry) -> PortResult<Stored> {
    let mut tx = UserTx::begin(database, request.user).await?;
    let stored = tx.append(entry).await?;
    tx.commit().await?;
    Ok(stored)
}

/// What the entry tells of, if it tells of a request for help.
fn request_of(entry: Entry) -> Option<HelpRequest> {
    let Change::HelpCounted(help) = entry.change else {
        return None;
    };
    Some(HelpRequest {
        id: help.help_request_id,
        user: entry.user,
        session: help.session_id,
        topic: TopicName::stored(help.topic),
        at: entry.server_time,
        zone: entry.zone,
    })
}
