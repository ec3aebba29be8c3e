//! Accepts and shows jobs.

use async_trait::async_trait;
use jobs::{Enqueued, Job, JobStore, NewJob};
use kernel::{Cursor, Fault, JobId, Page, PageRequest, PortError, PortResult, Timestamp, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::rows::{FAILED, WAITING, job, row};
use crate::Database;
use crate::error::{retrying, within};
use crate::page::overfull;
use crate::tables::jobs::{Column, Entity};
use crate::user_tx::UserTx;

#[async_trait]
impl JobStore for Database {
    async fn enqueue(&self, job: &NewJob) -> PortResult<Enqueued> {
        let enqueued = retrying(|| enqueue(self, job)).await?;
        if matches!(enqueued, Enqueued::New(_)) {
            self.signals().tell_of_job();
        }
        Ok(enqueued)
    }

    async fn find(&self, user: UserId, id: JobId) -> PortResult<Option<Job>> {
        let row = Entity::find_by_id(id.uuid())
            .filter(Column::UserId.eq(user.uuid()))
            .one(self.reader());
        let row = within("find a job", row).await?;
        row.map(job).transpose()
    }

    async fn failed(&self, page: PageRequest) -> PortResult<Page<Job>> {
        let rows = Entity::find().filter(Column::State.eq(FAILED));
        let rows = overfull(rows, Column::AcceptedAt, Column::Id, page).all(self.reader());
        let rows = within("list failed jobs", rows).await?;
        let found: PortResult<Vec<Job>> = rows.into_iter().map(job).collect();
        Ok(Page::from_overfull(found?, page.limit(), |job| Cursor {
            at: job.accepted_at,
            id: job.id.uuid(),
        }))
    }

    async fn revive(&self, id: JobId, now: Timestamp) -> PortResult<bool> {
        let is_revived = retrying(|| revive(self, id, now)).await?;
        if is_revived {
            self.signals().tell_of_job();
        }
        Ok(is_revived)
    }
}

async fn enqueue(database: &Database, job: &NewJob) -> PortResult<Enqueued> {
    let Some(owner) = job.owner else {
        let tx = database.begin_write().await?;
        let enqueued = insert(&tx, job).await?;
        within("accept a job", tx.commit()).await?;
        return Ok(enqueued);
    };
    let mut tx = UserTx::begin(database, owner.user).await?;
    let enqueued = insert(tx.tx(), job).await?;
    if let (Enqueued::New(_), Some(entry)) = (enqueued, job.entry()) {
        tx.append_new(&entry).await?;
    }
    tx.commit().await?;
    Ok(enqueued)
}

/// Neither its id nor its key may be there.
async fn insert(tx: &DatabaseTransaction, job: &NewJob) -> PortResult<Enqueued> {
    let insert = Entity::insert(row(job))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx);
    if within("insert a job", insert).await? == 1 {
        return Ok(Enqueued::New(job.id));
    }
    already(tx, job).await.map(Enqueued::Already)
}

async fn already(tx: &DatabaseTransaction, job: &NewJob) -> PortResult<JobId> {
    let user = job.owner.map(|owner| owner.user.uuid());
    let same = Entity::find_by_id(job.id.uuid()).one(tx);
    if let Some(same) = within("find a job", same).await? {
        let is_ours = same.user_id == user && same.kind == job.kind.as_str();
        return if is_ours { Ok(job.id) } else { Err(taken()) };
    }
    let other = Entity::find()
        .filter(Column::Kind.eq(job.kind.as_str()))
        .filter(Column::UniqueKey.eq(job.unique_key.clone()))
        .filter(Column::EndedAt.is_null())
        .one(tx);
    match within("find a job by its key", other).await? {
        Some(other) => Ok(other.id.into()),
        // It has ended between the two looks.
        None => Err(PortError::bare(
            Fault::Unavailable,
            "accept a job: another one with its key has just ended",
        )),
    }
}

async fn revive(database: &Database, id: JobId, now: Timestamp) -> PortResult<bool> {
    let tx = database.begin_write().await?;
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(WAITING))
        .col_expr(Column::DueAt, Expr::value(now.timestamp_millis()))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::Progress, Expr::value(0))
        .col_expr(Column::EndedAt, Expr::value(None::<i64>))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::State.eq(FAILED))
        .exec(&tx);
    match within("try a failed job again", update).await {
        Ok(updated) => {
            within("try a failed job again", tx.commit()).await?;
            Ok(updated.rows_affected == 1)
        }
        Err(error) if error.fault() == Fault::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

const fn taken() -> PortError {
    PortError::bare(Fault::Conflict, "accept a job: its id is taken")
}
