//! One analyzed image.

use sea_orm::entity::prelude::*;

#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "columns are what they are"
)]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: Uuid,
    pub user_id: Uuid,
    pub object_key: String,
    pub captured_at: i64,
    pub received_at: i64,
    pub topic: String,
    pub model: String,
    pub reused: bool,
    pub text_disputed: bool,
    pub is_studying: bool,
    pub is_active: bool,
    pub is_distracted: bool,
    pub seen_topic: Option<String>,
    pub seen_subtopic: Option<String>,
    pub extracted_text: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
