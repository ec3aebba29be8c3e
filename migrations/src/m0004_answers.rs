//! First answers to requests that may be repeated.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, small_integer_null, string, text_null, uuid};

use crate::shorthand::{drop_tables, index, owned_by};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(answers()).await?;
        manager
            .create_index(index("ix_answers_age", "answers", &["claimed_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["answers"]).await
    }
}

/// A row without a status is a claim; with one it is an answer.
fn answers() -> TableCreateStatement {
    Table::create()
        .table("answers")
        .col(uuid("user_id"))
        .col(string("key"))
        .col(string("fingerprint"))
        .col(big_integer("claimed_at"))
        .col(small_integer_null("status"))
        .col(text_null("body"))
        .primary_key(Index::create().col("user_id").col("key"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}
