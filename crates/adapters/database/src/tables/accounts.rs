//! Who may sign in, and how.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub email: String,
    pub verified_at: Option<i64>,
    pub password_hash: Option<String>,
    pub google_subject: Option<String>,
    pub role: String,
    pub disabled_at: Option<i64>,
    pub created_at: i64,
    pub version: i64,
    pub password_by_owner: bool,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
