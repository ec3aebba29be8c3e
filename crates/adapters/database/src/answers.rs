//! Keeps first answers.

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult, Timestamp, WorkId};
use ledger::{Answer, AnswerKey, Answers, Attempt, Claim, Claimed};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    Select, UpdateMany,
};

use crate::Database;
use crate::error::{retrying, within};
use crate::mark::refuse_erased;
use crate::processes;
use crate::tables::answers::{ActiveModel, Column, Entity, Model};
use crate::user_tx::ensure_user;

#[async_trait]
impl Answers for Database {
    async fn claim(
        &self,
        key: &AnswerKey,
        request: Claimed<'_>,
        now: Timestamp,
        stale_before: Timestamp,
    ) -> PortResult<Claim> {
        let asked = Asked {
            holder: self.holder(),
            key,
            fingerprint: request.fingerprint,
            work: request.work,
            now,
            stale_before,
        };
        retrying(|| claim(self, &asked)).await
    }

    async fn keep(&self, key: &AnswerKey, answer: &Answer) -> PortResult<()> {
        retrying(|| keep(self, key, answer)).await
    }

    async fn release(&self, key: &AnswerKey) -> PortResult<()> {
        retrying(|| release(self, key)).await
    }

    async fn abandon(&self) -> PortResult<u64> {
        retrying(|| abandon(self)).await
    }

    async fn beat(&self, now: Timestamp) -> PortResult<()> {
        retrying(|| processes::beat(self, now)).await
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        retrying(|| purge(self, before)).await
    }
}

struct Asked<'a> {
    holder: Uuid,
    key: &'a AnswerKey,
    fingerprint: &'a str,
    work: WorkId,
    now: Timestamp,
    stale_before: Timestamp,
}

async fn claim(database: &Database, asked: &Asked<'_>) -> PortResult<Claim> {
    let tx = database.begin_write().await?;
    ensure_user(&tx, asked.key.user).await?;
    refuse_erased(&tx, asked.key.user, Some(asked.now)).await?;
    let claim = if insert_claim(&tx, asked).await? {
        Claim::Ours(Attempt {
            work: asked.work,
            again: false,
        })
    } else {
        judge(&tx, asked).await?
    };
    within("claim a request", tx.commit()).await?;
    Ok(claim)
}

async fn insert_claim(tx: &DatabaseTransaction, asked: &Asked<'_>) -> PortResult<bool> {
    let row = ActiveModel {
        user_id: Set(asked.key.user.uuid()),
        key: Set(asked.key.key.clone()),
        fingerprint: Set(asked.fingerprint.to_owned()),
        claimed_at: Set(asked.now.timestamp_millis()),
        status: Set(None),
        body: Set(None),
        holder: Set(Some(asked.holder)),
        work: Set(Some(asked.work.uuid())),
    };
    let first = OnConflict::columns([Column::UserId, Column::Key])
        .do_nothing()
        .to_owned();
    let insert = Entity::insert(row)
        .on_conflict(first)
        .exec_without_returning(tx);
    Ok(within("claim a request", insert).await? == 1)
}

/// What a row that is there says, under its lock, so that only one takes over a stale claim.
async fn judge(tx: &DatabaseTransaction, asked: &Asked<'_>) -> PortResult<Claim> {
    let row = of(asked.key).lock_exclusive().one(tx);
    let row = within("read a claim", row).await?;
    // Purged between the insert and here: whoever asks again gets it.
    let Some(row) = row else {
        return Ok(Claim::InProgress);
    };
    let same = row.fingerprint == asked.fingerprint;
    let stale = row.claimed_at < asked.stale_before.timestamp_millis()
        || holder_is_gone(tx, &row, asked).await?;
    match answer(&row)? {
        Some(answer) if same => Ok(Claim::Answered(answer)),
        None if is_given_back(&row) || (stale && same) => {
            let again = row.work.filter(|_| same);
            take_over(tx, asked, again.map(WorkId::new)).await
        }
        _ if !same => Ok(Claim::Mismatch),
        _ => Ok(Claim::InProgress),
    }
}

/// Whether whoever claimed it will not come back to it.
async fn holder_is_gone(
    tx: &DatabaseTransaction,
    row: &Model,
    asked: &Asked<'_>,
) -> PortResult<bool> {
    match row.holder.filter(|_| row.status.is_none()) {
        Some(holder) if holder != asked.holder => processes::is_gone(tx, holder, asked.now).await,
        _ => Ok(false),
    }
}

const fn is_given_back(row: &Model) -> bool {
    row.status.is_none() && row.holder.is_none() && row.work.is_some()
}

/// Goes on with the work of the attempts before, if there were any at this request.
async fn take_over(
    tx: &DatabaseTransaction,
    asked: &Asked<'_>,
    before: Option<WorkId>,
) -> PortResult<Claim> {
    let work = before.unwrap_or(asked.work);
    let update = unanswered(asked.key)
        .col_expr(Column::ClaimedAt, asked.now.timestamp_millis().into())
        .col_expr(Column::Fingerprint, asked.fingerprint.into())
        .col_expr(Column::Holder, asked.holder.into())
        .col_expr(Column::Work, work.uuid().into());
    within("take over a claim", update.exec(tx)).await?;
    Ok(Claim::Ours(Attempt {
        work,
        again: before.is_some(),
    }))
}

async fn keep(database: &Database, key: &AnswerKey, answer: &Answer) -> PortResult<()> {
    let status = i16::try_from(answer.status)
        .map_err(|e| PortError::new(Fault::Refused, "keep an answer", e))?;
    let tx = database.begin_write().await?;
    let update = unanswered(key)
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::Body, Expr::value(answer.body.clone()))
        .exec(&tx);
    if within("keep an answer", update).await?.rows_affected == 0 {
        return Err(PortError::bare(
            Fault::Conflict,
            "keep an answer: the claim is gone or answered",
        ));
    }
    within("keep an answer", tx.commit()).await
}

async fn release(database: &Database, key: &AnswerKey) -> PortResult<()> {
    let tx = database.begin_write().await?;
    let update = unanswered(key).col_expr(Column::Holder, Expr::value(None::<Uuid>));
    within("release a claim", update.exec(&tx)).await?;
    within("release a claim", tx.commit()).await
}

async fn abandon(database: &Database) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let update = Entity::update_many()
        .col_expr(Column::Holder, Expr::value(None::<Uuid>))
        .filter(Column::Holder.eq(database.holder()))
        .filter(Column::Status.is_null())
        .exec(&tx);
    let given_back = within("give claims back", update).await?.rows_affected;
    within("give claims back", tx.commit()).await?;
    Ok(given_back)
}

async fn purge(database: &Database, before: Timestamp) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let delete = Entity::delete_many()
        .filter(Column::ClaimedAt.lt(before.timestamp_millis()))
        .exec(&tx);
    let purged = within("purge answers", delete).await?.rows_affected;
    processes::forget(&tx, before).await?;
    within("purge answers", tx.commit()).await?;
    Ok(purged)
}

fn of(key: &AnswerKey) -> Select<Entity> {
    Entity::find_by_id((key.user.uuid(), key.key.clone()))
}

fn unanswered(key: &AnswerKey) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::UserId.eq(key.user.uuid()))
        .filter(Column::Key.eq(&key.key))
        .filter(Column::Status.is_null())
}

fn answer(row: &Model) -> PortResult<Option<Answer>> {
    let Some(status) = row.status else {
        return Ok(None);
    };
    let status = u16::try_from(status)
        .map_err(|e| PortError::new(Fault::Corrupt, "read a kept answer", e))?;
    Ok(Some(Answer {
        status,
        body: row.body.clone().unwrap_or_default(),
    }))
}
