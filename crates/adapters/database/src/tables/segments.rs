//! The sound recorded for one image.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "segments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub session: String,
    pub evaluator: String,
    pub client: String,
    pub image_index: i64,
    pub signed_url: Option<String>,
    pub image_key: Option<String>,
    pub audio_key: String,
    pub audio_type: Option<String>,
    pub audio_bytes: Option<i64>,
    pub created_at: i64,
    pub received_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
