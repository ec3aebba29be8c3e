//! Which processes live.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid};

use crate::shorthand::drop_tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(processes()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["processes"]).await
    }
}

/// A holder of claims without a row is a process of an older version: nobody knows of its end.
fn processes() -> TableCreateStatement {
    Table::create()
        .table("processes")
        .col(pk_uuid("id"))
        .col(big_integer("seen_at"))
        .to_owned()
}
