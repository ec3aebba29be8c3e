//! One answer that a provider has billed.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_field_names, reason = "columns are what they are")]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "charges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub at: i64,
    pub date: Date,
    pub work: String,
    pub provider: String,
    pub model: String,
    pub cost_micros: Option<i64>,
    pub input_text: i64,
    pub input_audio: i64,
    pub input_image: i64,
    pub cached_text: i64,
    pub cached_audio: i64,
    pub cached_image: i64,
    pub output_text: i64,
    pub output_audio: i64,
    pub output_image: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
