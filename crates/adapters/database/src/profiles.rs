//! Keeps profiles.

use async_trait::async_trait;
use kernel::{PortResult, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sessions::{Profile, ProfileStore};

use crate::Database;
use crate::convert::{optional_text, zone};
use crate::error::{retrying, within};
use crate::tables::users::{ActiveModel, Column, Entity, Model};

#[async_trait]
impl ProfileStore for Database {
    async fn find(&self, user: UserId) -> PortResult<Option<Profile>> {
        let row = Entity::find_by_id(user.uuid()).one(self.reader());
        let Some(row) = within("find profile", row).await? else {
            return Ok(None);
        };
        let Model {
            id,
            name,
            zone: zone_name,
        } = row;
        Ok(Some(Profile {
            user: id.into(),
            name,
            zone: zone(&zone_name)?,
        }))
    }

    async fn save(&self, profile: &Profile) -> PortResult<()> {
        retrying(|| save(self, profile)).await
    }
}

async fn save(database: &Database, profile: &Profile) -> PortResult<()> {
    let Profile { user, name, zone } = profile;
    let row = ActiveModel {
        id: Set(user.uuid()),
        name: Set(optional_text(name.as_deref())?),
        zone: Set(zone.name().to_owned()),
    };
    let replace = OnConflict::column(Column::Id)
        .update_columns([Column::Name, Column::Zone])
        .to_owned();
    let tx = database.begin_write().await?;
    let upsert = Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(&tx);
    within("save profile", upsert).await?;
    within("save profile", tx.commit()).await
}
