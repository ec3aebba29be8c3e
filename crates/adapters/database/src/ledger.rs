//! Reading a user's log.

use async_trait::async_trait;
use kernel::{EntryId, Fault, PortError, PortResult, UserId};
use ledger::{Actor, Change, Entry, Ledger, Position, Recorded};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Database;
use crate::convert::{moment, optional_moment, zone};
use crate::error::within;
use crate::tables::ledger_entries::{ActiveModel, Column, Entity, Model};
use crate::tables::ledger_heads;

#[async_trait]
impl Ledger for Database {
    async fn read(&self, user: UserId, after: Position, limit: u16) -> PortResult<Vec<Recorded>> {
        read(self.reader(), user, after, limit).await
    }

    async fn head(&self, user: UserId) -> PortResult<Position> {
        let head = ledger_heads::Entity::find_by_id(user.uuid()).one(self.reader());
        let head = within("read the ledger's head", head).await?;
        Ok(head.map_or(Position::START, |head| Position::new(head.seq)))
    }
}

/// Up to `limit` entries of `user` after `after`, in order.
pub(crate) async fn read(
    from: &impl ConnectionTrait,
    user: UserId,
    after: Position,
    limit: u16,
) -> PortResult<Vec<Recorded>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Seq.gt(after.number()))
        .order_by_asc(Column::Seq)
        .limit(u64::from(limit))
        .all(from);
    let rows = within("read the ledger", rows).await?;
    rows.into_iter().map(recorded).collect()
}

/// The entry with this id, if it is this user's.
pub(crate) async fn entry(
    from: &impl ConnectionTrait,
    user: UserId,
    id: EntryId,
) -> PortResult<Option<Entry>> {
    let row = Entity::find()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .one(from);
    let row = within("find ledger entry", row).await?;
    let found = row.map(recorded).transpose()?;
    Ok(found.map(|recorded| recorded.entry))
}

/// An entry as a row, at this place of its user's log. The payload stays text, as it was written.
pub(crate) fn row(entry: &Entry, seq: i64) -> PortResult<ActiveModel> {
    let Entry {
        id,
        user,
        actor,
        device_time,
        server_time,
        zone,
        change,
    } = entry;
    let payload = change
        .payload()
        .map_err(|e| PortError::new(Fault::Refused, "write a ledger payload", e))?;
    Ok(ActiveModel {
        user_id: Set(user.uuid()),
        seq: Set(seq),
        id: Set(id.uuid()),
        name: Set(change.name().to_owned()),
        version: Set(change.version()),
        actor: Set(actor.as_str().to_owned()),
        device_time: Set(device_time.map(|at| at.timestamp_millis())),
        server_time: Set(server_time.timestamp_millis()),
        zone: Set(zone.name().to_owned()),
        payload: Set(payload.to_string()),
    })
}

fn recorded(row: Model) -> PortResult<Recorded> {
    let Model {
        user_id,
        seq,
        id,
        name,
        version,
        actor,
        device_time,
        server_time,
        zone: zone_name,
        payload,
    } = row;
    let entry = Entry {
        id: id.into(),
        user: user_id.into(),
        actor: actor_of(&actor)?,
        device_time: optional_moment(device_time)?,
        server_time: moment(server_time)?,
        zone: zone(&zone_name)?,
        change: change_of(&name, version, &payload)?,
    };
    Ok(Recorded {
        position: Position::new(seq),
        entry,
    })
}

fn actor_of(name: &str) -> PortResult<Actor> {
    let unknown = PortError::bare(Fault::Corrupt, "read a ledger entry's actor");
    Actor::parse(name).ok_or(unknown)
}

fn change_of(name: &str, version: i16, payload: &str) -> PortResult<Change> {
    let payload = serde_json::from_str(payload)
        .map_err(|e| PortError::new(Fault::Corrupt, "read a ledger payload", e))?;
    Change::read(name, version, payload)
        .map_err(|e| PortError::new(Fault::Corrupt, "read a ledger payload", e))
}
