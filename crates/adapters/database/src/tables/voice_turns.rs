//! What one side of a conversation said.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voice_turns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub voice_session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub user_id: Uuid,
    pub speaker: String,
    pub item: String,
    pub text: String,
    pub at: i64,
    pub heard_ms: Option<i64>,
    pub spoken_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
