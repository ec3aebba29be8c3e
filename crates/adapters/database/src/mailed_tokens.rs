//! Keeps mailed tokens.

use async_trait::async_trait;
use auth::{AuditEvent, MailedToken, MailedTokens, Purpose, TokenHash};
use kernel::{Fault, PortError, PortResult, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::Database;
use crate::account_rows::lock;
use crate::audit::write_down;
use crate::convert::moment;
use crate::error::{retrying, within};
use crate::family_rows::hash;
use crate::tables::mailed_tokens::{ActiveModel, Column, Entity, Model};
use crate::user_tx::foreign;

#[async_trait]
impl MailedTokens for Database {
    async fn issue(&self, token: &MailedToken, audit: Option<&AuditEvent>) -> PortResult<()> {
        retrying(|| issue(self, token, audit)).await
    }

    async fn find(&self, hash: &TokenHash) -> PortResult<Option<MailedToken>> {
        let row = Entity::find_by_id(hash.as_bytes().to_vec()).one(self.reader());
        let row = within("find a mailed token", row).await?;
        row.map(token).transpose()
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        retrying(|| purge(self, before)).await
    }
}

/// The account is locked first, as when a token is redeemed.
async fn issue(
    database: &Database,
    token: &MailedToken,
    audit: Option<&AuditEvent>,
) -> PortResult<()> {
    let replace = OnConflict::columns([Column::UserId, Column::Purpose])
        .update_columns([Column::Hash, Column::ExpiresAt])
        .to_owned();
    let tx = database.begin_write().await?;
    lock(&tx, token.user)
        .await?
        .ok_or(foreign("issue a mailed token: there is no such account"))?;
    let upsert = Entity::insert(row(token))
        .on_conflict(replace)
        .exec_without_returning(&tx);
    within("issue a mailed token", upsert).await?;
    write_down(&tx, audit).await?;
    within("issue a mailed token", tx.commit()).await
}

async fn purge(database: &Database, before: Timestamp) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let delete = Entity::delete_many()
        .filter(Column::ExpiresAt.lt(before.timestamp_millis()))
        .exec(&tx);
    let purged = within("purge mailed tokens", delete).await?.rows_affected;
    within("purge mailed tokens", tx.commit()).await?;
    Ok(purged)
}

fn row(token: &MailedToken) -> ActiveModel {
    let MailedToken {
        hash,
        purpose,
        user,
        expires_at,
    } = token;
    ActiveModel {
        hash: Set(hash.as_bytes().to_vec()),
        purpose: Set(purpose.as_str().to_owned()),
        user_id: Set(user.uuid()),
        expires_at: Set(expires_at.timestamp_millis()),
    }
}

fn token(row: Model) -> PortResult<MailedToken> {
    let Model {
        hash: bytes,
        purpose,
        user_id,
        expires_at,
    } = row;
    let unknown = PortError::bare(Fault::Corrupt, "read a mailed token's purpose");
    Ok(MailedToken {
        hash: hash(&bytes)?,
        purpose: Purpose::parse(&purpose).ok_or(unknown)?,
        user: user_id.into(),
        expires_at: moment(expires_at)?,
    })
}
