//! Erasing a user.

use std::collections::BTreeMap;

use async_trait::async_trait;
use auth::{AuditEvent, Audited, EndReason};
use kernel::{AuditId, PortResult, Timestamp, UserId, VoiceSessionId};
use privacy::{Erasures, Whose};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Keyword, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Database;
use crate::account_rows::lock;
use crate::audit::write_down;
use crate::error::{retrying, within};
use crate::family_rows::{end_all, live_access_of, lock_live};
use crate::mark::{Mark, digest, mark_of};
use crate::personal::delete_all;
use crate::revocations::revoke;
use crate::tables::erasures::{ActiveModel, Column, Entity, Model};
use crate::tables::{accounts, projections};
use crate::user_tx::UserTx;
use crate::voice::owner_of;

/// How many unfinished erasures are told at once.
const MOST_UNFINISHED: u64 = 100;

#[async_trait]
impl Erasures for Database {
    async fn mark(&self, user: UserId, at: Timestamp) -> PortResult<Whose> {
        retrying(|| mark(self, user, at)).await
    }

    async fn remove_rows(
        &self,
        user: UserId,
        at: Timestamp,
        note: AuditId,
    ) -> PortResult<BTreeMap<String, u64>> {
        let removed = retrying(|| remove_rows(self, user, (at, note))).await?;
        self.settle_log().await?;
        Ok(removed)
    }

    async fn unfinished(&self, before: Timestamp) -> PortResult<Vec<UserId>> {
        let rows = Entity::find()
            .filter(Column::UserId.is_not_null())
            .filter(Column::BeganAt.lt(before.timestamp_millis()))
            .order_by_asc(Column::BeganAt)
            .limit(MOST_UNFINISHED)
            .all(self.reader());
        let rows = within("list unfinished erasures", rows).await?;
        let users = rows.into_iter().filter_map(|row: Model| row.user_id);
        Ok(users.map(UserId::from).collect())
    }

    async fn is_erased(&self, user: UserId, made_at: Option<Timestamp>) -> PortResult<bool> {
        let mark = mark_of(self.reader(), user).await?;
        Ok(mark.is_some_and(|mark| mark.refuses(made_at)))
    }

    async fn is_conversation_erased(&self, id: VoiceSessionId) -> PortResult<bool> {
        match owner_of(self.reader(), id).await? {
            Some((user, started_at)) => self.is_erased(user, Some(started_at)).await,
            None => Ok(true),
        }
    }
}

/// Nobody writes anything of the user while the log's head is held; who comes after sees the mark.
async fn mark(database: &Database, user: UserId, at: Timestamp) -> PortResult<Whose> {
    let user_tx = UserTx::begin(database, user).await?;
    let tx = user_tx.tx();
    let has_account = lock(tx, user).await?.is_some();
    let account = accounts::Entity::find_by_id(user.uuid()).one(tx);
    let account = within("find the account to erase", account).await?;
    set_mark(tx, user, at, has_account).await?;
    lock_live(tx, user).await?;
    let access = live_access_of(tx, user, at).await?;
    end_all(tx, user, at, EndReason::AccountErased).await?;
    revoke(tx, &access).await?;
    user_tx.commit().await?;
    Ok(Whose {
        user,
        email: account.map(|account| account.email),
    })
}

/// A mark that refuses everything stays so.
async fn set_mark(
    tx: &DatabaseTransaction,
    user: UserId,
    at: Timestamp,
    has_account: bool,
) -> PortResult<()> {
    let is_final = has_account || mark_of(tx, user).await?.is_some_and(Mark::is_final);
    let row = ActiveModel {
        digest: Set(digest(user)),
        user_id: Set(Some(user.uuid())),
        began_at: Set(at.timestamp_millis()),
        refuse_until: Set((!is_final).then_some(at.timestamp_millis())),
    };
    let replace = OnConflict::column(Column::Digest)
        .update_columns([Column::UserId, Column::BeganAt, Column::RefuseUntil])
        .to_owned();
    let upsert = Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(tx);
    within("mark an erased user", upsert).await.map(drop)
}

/// Locks in the order of everybody else: projection, head of the log, account. Whoever holds the
/// user's own row, as the owner of theirs, is waited for when that row goes, which is last.
async fn remove_rows(
    database: &Database,
    user: UserId,
    (at, note): (Timestamp, AuditId),
) -> PortResult<BTreeMap<String, u64>> {
    let tx = database.begin_write().await?;
    lock_projection(&tx, user).await?;
    let user_tx = UserTx::on(database, tx, user).await?;
    let tx = user_tx.tx();
    lock(tx, user).await?;
    let removed = delete_all(tx, user).await?;
    write_down(tx, [&erased(note, at)]).await?;
    end(tx, user, at).await?;
    user_tx.commit().await?;
    Ok(removed)
}

/// The line of the audit that names nobody.
fn erased(id: AuditId, at: Timestamp) -> AuditEvent {
    AuditEvent {
        id,
        at,
        what: Audited::AccountErased,
        actor: None,
        subject: None,
        address: None,
        user_agent: None,
    }
}

/// From here on the mark tells nobody's id. What was accepted while the erasure was under way is
/// refused later too.
async fn end(tx: &DatabaseTransaction, user: UserId, at: Timestamp) -> PortResult<()> {
    let until = Expr::value(at.timestamp_millis());
    let until = CaseStatement::new()
        .case(Expr::col(Column::RefuseUntil).is_not_null(), until)
        .finally(Keyword::Null);
    let update = Entity::update_many()
        .col_expr(Column::UserId, Expr::value(None::<Uuid>))
        .col_expr(Column::RefuseUntil, until.into())
        .filter(Column::Digest.eq(digest(user)))
        .exec(tx);
    within("end an erasure", update).await.map(drop)
}

async fn lock_projection(tx: &DatabaseTransaction, user: UserId) -> PortResult<()> {
    let row = projections::Entity::find_by_id(user.uuid())
        .lock_exclusive()
        .one(tx);
    within("lock the projection", row).await.map(drop)
}
