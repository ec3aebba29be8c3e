//! A durable job.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub zone: Option<String>,
    pub kind: String,
    pub unique_key: Option<String>,
    pub state: String,
    pub payload: String,
    pub progress: i16,
    pub attempts: i16,
    pub accepted_at: i64,
    pub due_at: i64,
    pub holder: Option<Uuid>,
    pub result: Option<String>,
    pub reason: Option<String>,
    pub ended_at: Option<i64>,
    pub trace: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
