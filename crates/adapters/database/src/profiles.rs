//! Keeps profiles.

use async_trait::async_trait;
use kernel::{PortError, PortResult, UserId};
use ledger::Entry;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use sessions::{Profile, ProfileChange, ProfileStore, Stored};

use crate::Database;
use crate::convert::{optional_text, zone};
use crate::error::{retrying, within};
use crate::tables::users::{ActiveModel, Entity, Model};
use crate::user_tx::{UserTx, foreign};

#[async_trait]
impl ProfileStore for Database {
    async fn find(&self, user: UserId) -> PortResult<Option<Profile>> {
        find(self.reader(), user).await
    }

    async fn change(&self, change: &ProfileChange, entry: &Entry) -> PortResult<Profile> {
        retrying(|| update(self, change, entry)).await
    }
}

async fn find(from: &impl ConnectionTrait, user: UserId) -> PortResult<Option<Profile>> {
    let row = Entity::find_by_id(user.uuid()).one(from);
    let row = within("find profile", row).await?;
    row.map(Profile::try_from).transpose()
}

/// The transaction has made the user known, so there is a row to update.
async fn update(database: &Database, change: &ProfileChange, entry: &Entry) -> PortResult<Profile> {
    let ProfileChange { user, name, zone } = change;
    let mut tx = UserTx::begin(database, *user).await?;
    if tx.append(entry).await? == Stored::Already {
        let known = find(tx.tx(), *user).await?;
        return known.ok_or(foreign("change profile: the user is gone"));
    }
    let mut row = ActiveModel {
        id: Unchanged(user.uuid()),
        ..Default::default()
    };
    if let Some(name) = name {
        row.name = Set(optional_text(name.as_deref())?);
    }
    if let Some(zone) = zone {
        row.zone = Set(zone.name().to_owned());
    }
    let changed = within("change profile", row.update(tx.tx())).await?;
    tx.commit().await?;
    changed.try_into()
}

impl TryFrom<Model> for Profile {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let Model {
            id,
            name,
            zone: zone_name,
        } = row;
        Ok(Self {
            user: id.into(),
            name,
            zone: zone(&zone_name)?,
        })
    }
}
