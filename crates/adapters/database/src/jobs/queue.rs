//! Gives jobs to workers.

use async_trait::async_trait;
use jobs::{Ask, Claimed, JobQueue, Lease, Percent, Reason, Settled, Settlement, Verdict};
use kernel::{PortResult, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, UpdateMany,
};

use super::rows::{DONE, FAILED, RUNNING, WAITING, job, stored_reason};
use crate::Database;
use crate::error::{retrying, within};
use crate::tables::jobs::{Column, Entity, Model};
use crate::user_tx::UserTx;

#[async_trait]
impl JobQueue for Database {
    async fn claim(&self, ask: &Ask<'_>) -> PortResult<Vec<Claimed>> {
        if self.is_sqlite() && !is_any_due(self, ask).await? {
            // Nobody is kept from writing for nothing.
            return Ok(Vec::new());
        }
        retrying(|| claim(self, ask)).await
    }

    async fn renew(&self, leases: &[Lease], until: Timestamp) -> PortResult<()> {
        retrying(|| renew(self, leases, until)).await
    }

    async fn report(&self, lease: Lease, progress: Percent) -> PortResult<()> {
        let report =
            held(lease).col_expr(Column::Progress, Expr::value(i16::from(progress.number())));
        let is_held = retrying(|| alone(self, report.clone())).await?;
        if is_held {
            self.tell_owner_of(lease).await?;
        }
        Ok(())
    }

    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled> {
        retrying(|| settle(self, settlement)).await
    }

    async fn release(&self, lease: Lease, now: Timestamp) -> PortResult<()> {
        let give_back = held(lease)
            .col_expr(Column::State, Expr::value(WAITING))
            .col_expr(Column::Holder, Expr::value(None::<Uuid>))
            .col_expr(Column::DueAt, Expr::value(now.timestamp_millis()))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
        retrying(|| alone(self, give_back.clone())).await?;
        self.signals().tell_of_job();
        Ok(())
    }

    async fn abandon(&self, holder: Uuid, now: Timestamp) -> PortResult<u64> {
        let tx = self.begin_write().await?;
        let due = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(now.timestamp_millis()))
            .filter(Column::Holder.eq(holder))
            .filter(Column::State.eq(RUNNING))
            .exec(&tx);
        let abandoned = within("give jobs back", due).await?.rows_affected;
        within("give jobs back", tx.commit()).await?;
        Ok(abandoned)
    }
}

fn due(ask: &Ask<'_>) -> Select<Entity> {
    let kinds = ask.kinds.iter().map(jobs::Kind::as_str);
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(Column::DueAt.lte(ask.now.timestamp_millis()))
        .filter(Column::Kind.is_in(kinds))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
}

async fn is_any_due(database: &Database, ask: &Ask<'_>) -> PortResult<bool> {
    let one = due(ask).limit(1).one(database.reader());
    within("look for a job", one).await.map(|row| row.is_some())
}

/// What somebody else is just claiming is passed over.
async fn claim(database: &Database, ask: &Ask<'_>) -> PortResult<Vec<Claimed>> {
    let tx = database.begin_write().await?;
    let rows = due(ask).limit(u64::from(ask.limit));
    let rows = if tx.get_database_backend() == DbBackend::Postgres {
        rows.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    } else {
        rows
    };
    let rows = within("look for jobs", rows.all(&tx)).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    take(&tx, &rows, ask).await?;
    within("claim jobs", tx.commit()).await?;
    rows.into_iter().map(|row| claimed(row, ask)).collect()
}

async fn take(tx: &DatabaseTransaction, rows: &[Model], ask: &Ask<'_>) -> PortResult<()> {
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(RUNNING))
        .col_expr(Column::Holder, Expr::value(ask.holder))
        .col_expr(Column::DueAt, Expr::value(ask.until.timestamp_millis()))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx);
    within("claim jobs", update).await.map(drop)
}

fn claimed(mut row: Model, ask: &Ask<'_>) -> PortResult<Claimed> {
    row.attempts += 1;
    RUNNING.clone_into(&mut row.state);
    let job = job(row)?;
    let lease = Lease {
        job: job.id,
        holder: ask.holder,
        attempt: job.attempts,
    };
    Ok(Claimed { job, lease })
}

async fn renew(database: &Database, leases: &[Lease], until: Timestamp) -> PortResult<()> {
    let Some(holder) = leases.first().map(|lease| lease.holder) else {
        return Ok(());
    };
    let tx = database.begin_write().await?;
    let update = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(until.timestamp_millis()))
        .filter(Column::Id.is_in(leases.iter().map(|lease| lease.job.uuid())))
        .filter(Column::Holder.eq(holder))
        .filter(Column::State.eq(RUNNING))
        .exec(&tx);
    within("renew leases", update).await?;
    within("renew leases", tx.commit()).await
}

/// An update of the job as long as the lease holds.
fn held(lease: Lease) -> UpdateMany<Entity> {
    let attempt = i16::try_from(lease.attempt).unwrap_or(i16::MAX);
    Entity::update_many()
        .filter(Column::Id.eq(lease.job.uuid()))
        .filter(Column::Holder.eq(lease.holder))
        .filter(Column::Attempts.eq(attempt))
        .filter(Column::State.eq(RUNNING))
}

/// Whether the lease held.
async fn alone(database: &Database, update: UpdateMany<Entity>) -> PortResult<bool> {
    let updated = within("change a job", update.exec(database.writer())).await?;
    Ok(updated.rows_affected == 1)
}

async fn settle(database: &Database, settlement: &Settlement) -> PortResult<Settled> {
    let update = settled(settlement)?;
    let Some(entry) = settlement.entry() else {
        return Ok(counted(alone(database, update).await?));
    };
    let mut tx = UserTx::begin(database, entry.user).await?;
    let updated = within("end a job", update.exec(tx.tx())).await?;
    if updated.rows_affected == 0 {
        return Ok(Settled::Lost);
    }
    tx.append(&entry).await?;
    tx.commit().await?;
    Ok(Settled::Counted)
}

const fn counted(is_held: bool) -> Settled {
    if is_held {
        Settled::Counted
    } else {
        Settled::Lost
    }
}

fn settled(settlement: &Settlement) -> PortResult<UpdateMany<Entity>> {
    let at = settlement.at.timestamp_millis();
    let update = held(settlement.lease).col_expr(Column::Holder, Expr::value(None::<Uuid>));
    let ended = |update: UpdateMany<Entity>, state: &str| {
        update
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::EndedAt, Expr::value(at))
    };
    Ok(match &settlement.verdict {
        Verdict::Done(result) => ended(update, DONE)
            .col_expr(Column::Result, Expr::value(result.to_string()))
            .col_expr(Column::Reason, Expr::value(None::<String>))
            .col_expr(
                Column::Progress,
                Expr::value(i16::from(Percent::ALL.number())),
            ),
        Verdict::Failed(reason) => because(ended(update, FAILED), reason)?,
        Verdict::Again { at, reason } => because(update, reason)?
            .col_expr(Column::State, Expr::value(WAITING))
            .col_expr(Column::DueAt, Expr::value(at.timestamp_millis())),
    })
}

fn because(update: UpdateMany<Entity>, reason: &Reason) -> PortResult<UpdateMany<Entity>> {
    Ok(update.col_expr(Column::Reason, Expr::value(stored_reason(reason)?)))
}

impl Database {
    /// Whoever follows the owner sees the progress.
    async fn tell_owner_of(&self, lease: Lease) -> PortResult<()> {
        let row = Entity::find_by_id(lease.job.uuid()).one(self.reader());
        let row = within("find a job", row).await?;
        if let Some(user) = row.and_then(|row| row.user_id) {
            self.signals().tell_of_user(user.into());
        }
        Ok(())
    }
}
