//! Which processes live that claim requests.

use chrono::TimeDelta;
use kernel::{PortResult, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Database;
use crate::error::within;
use crate::tables::processes::{ActiveModel, Column, Entity};

/// A process that has said nothing for so long is gone; several of its signs of life were missed.
/// One that was only slow does its work beside whoever took it over, under the same ids.
const GONE_AFTER: TimeDelta = TimeDelta::seconds(15);

/// Says that this process lives.
pub(crate) async fn beat(database: &Database, now: Timestamp) -> PortResult<()> {
    let row = ActiveModel {
        id: Set(database.holder()),
        seen_at: Set(now.timestamp_millis()),
    };
    let again = OnConflict::column(Column::Id)
        .update_column(Column::SeenAt)
        .to_owned();
    let tx = database.begin_write().await?;
    let upsert = Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&tx);
    within("say that the process lives", upsert).await?;
    within("say that the process lives", tx.commit()).await
}

/// Whether the holder of a claim is known to be gone.
pub(crate) async fn is_gone(
    from: &impl ConnectionTrait,
    holder: Uuid,
    now: Timestamp,
) -> PortResult<bool> {
    let row = Entity::find_by_id(holder).one(from);
    let row = within("look for a process", row).await?;
    let last = (now - GONE_AFTER).timestamp_millis();
    Ok(row.is_some_and(|row| row.seen_at < last))
}

/// Forgets processes that were not seen since.
pub(crate) async fn forget(to: &impl ConnectionTrait, before: Timestamp) -> PortResult<()> {
    let delete = Entity::delete_many()
        .filter(Column::SeenAt.lt(before.timestamp_millis()))
        .exec(to);
    within("forget processes", delete).await.map(drop)
}
