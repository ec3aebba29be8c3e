//! Keeps accounts.

use async_trait::async_trait;
use auth::{
    Account, AccountChange, AccountFilter, AccountStore, Applied, AuditEvent, Cut, EmailAddress,
    GoogleSubject, TokenHash,
};
use kernel::{Page, PageRequest, PortResult, UserId};
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Select};

use crate::Database;
use crate::account_rows::{account, lock, row};
use crate::audit::write_down;
use crate::convert::text;
use crate::error::{retrying, within};
use crate::family_rows::{end_all, live_access_of, lock_live};
use crate::page::overfull;
use crate::revocations::revoke;
use crate::tables::accounts::{Column, Entity};
use crate::tables::mailed_tokens;
use crate::user_tx::ensure_user;

#[async_trait]
impl AccountStore for Database {
    async fn find(&self, id: UserId) -> PortResult<Option<Account>> {
        one(self, Entity::find_by_id(id.uuid())).await
    }

    async fn find_by_email(&self, email: &EmailAddress) -> PortResult<Option<Account>> {
        one(
            self,
            Entity::find().filter(Column::Email.eq(email.as_str())),
        )
        .await
    }

    async fn find_by_google(&self, subject: &GoogleSubject) -> PortResult<Option<Account>> {
        let of = Column::GoogleSubject.eq(subject.as_str());
        one(self, Entity::find().filter(of)).await
    }

    async fn list(&self, filter: &AccountFilter, page: PageRequest) -> PortResult<Page<Account>> {
        let rows = overfull(wanted(filter)?, Column::CreatedAt, Column::UserId, page);
        let rows = within("list accounts", rows.all(self.reader())).await?;
        let accounts: PortResult<Vec<Account>> = rows.into_iter().map(account).collect();
        Ok(Page::from_overfull(
            accounts?,
            page.limit(),
            Account::cursor,
        ))
    }

    async fn create(&self, account: &Account, audit: &AuditEvent) -> PortResult<()> {
        retrying(|| create(self, account, audit)).await
    }

    async fn apply(&self, change: &AccountChange) -> PortResult<Applied> {
        retrying(|| apply(self, change)).await
    }
}

async fn one(database: &Database, which: Select<Entity>) -> PortResult<Option<Account>> {
    let row = within("find an account", which.one(database.reader())).await?;
    row.map(account).transpose()
}

fn wanted(filter: &AccountFilter) -> PortResult<Select<Entity>> {
    let AccountFilter {
        email_contains,
        role,
    } = filter;
    let mut rows = Entity::find();
    if let Some(part) = email_contains {
        rows = rows.filter(Column::Email.like(containing(&text(part)?)));
    }
    if let Some(role) = role {
        rows = rows.filter(Column::Role.eq(role.as_str()));
    }
    Ok(rows)
}

/// The backslash means something to Postgres already, so another character escapes.
fn containing(part: &str) -> LikeExpr {
    let literal = part
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    LikeExpr::new(format!("%{literal}%")).escape('!')
}

async fn create(database: &Database, account: &Account, audit: &AuditEvent) -> PortResult<()> {
    let tx = database.begin_write().await?;
    ensure_user(&tx, account.id).await?;
    let insert = Entity::insert(row(account)?).exec_without_returning(&tx);
    within("insert an account", insert).await?;
    write_down(&tx, [audit]).await?;
    within("create an account", tx.commit()).await
}

/// What is not committed is undone when the transaction is dropped.
async fn apply(database: &Database, change: &AccountChange) -> PortResult<Applied> {
    let account = &change.account;
    let tx = database.begin_write().await?;
    let stored = lock(&tx, account.id).await?;
    if stored.is_none_or(|stored| stored.checked_add(1) != Some(account.version)) {
        return Ok(Applied::Moved);
    }
    if let Some(hash) = change.redeems
        && !redeem(&tx, account.id, hash).await?
    {
        return Ok(Applied::TokenUsed);
    }
    let update = Entity::update_many()
        .set(row(account)?)
        .filter(Column::UserId.eq(account.id.uuid()))
        .exec(&tx);
    within("change an account", update).await?;
    write_down(&tx, &change.audit).await?;
    let revoked = cut(&tx, change).await?;
    within("change an account", tx.commit()).await?;
    Ok(Applied::Done(revoked))
}

async fn redeem(tx: &DatabaseTransaction, user: UserId, hash: TokenHash) -> PortResult<bool> {
    let delete = mailed_tokens::Entity::delete_many()
        .filter(mailed_tokens::Column::Hash.eq(hash.as_bytes().to_vec()))
        .filter(mailed_tokens::Column::UserId.eq(user.uuid()))
        .exec(tx);
    let deleted = within("redeem a mailed token", delete).await?;
    Ok(deleted.rows_affected == 1)
}

async fn cut(
    tx: &DatabaseTransaction,
    change: &AccountChange,
) -> PortResult<Vec<auth::IssuedAccess>> {
    let (user, at) = (change.account.id, change.at);
    if change.cut == Cut::Nothing {
        return Ok(Vec::new());
    }
    lock_live(tx, user).await?;
    let access = live_access_of(tx, user, at).await?;
    if let Cut::Families(reason) = change.cut {
        end_all(tx, user, at, reason).await?;
    }
    revoke(tx, &access).await?;
    Ok(access)
}
