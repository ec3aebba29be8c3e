//! Users, and the log of accepted changes that each of them has.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, pk_uuid, small_integer, string, text, text_null, uuid,
    uuid_uniq,
};

use crate::shorthand::{drop_tables, index, owned_by};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(users()).await?;
        manager.create_table(ledger_heads()).await?;
        manager.create_index(unprojected_heads()).await?;
        manager.create_table(ledger_entries()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["ledger_entries", "ledger_heads", "users"]).await
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(pk_uuid("id"))
        .col(text_null("name"))
        .col(string("zone").default("UTC"))
        .to_owned()
}

/// The newest place in each user's log. Its row is the lock that orders the user's writes.
fn ledger_heads() -> TableCreateStatement {
    Table::create()
        .table("ledger_heads")
        .col(pk_uuid("user_id"))
        .col(big_integer("seq"))
        .col(boolean("unprojected").default(false))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

/// Holds only the users whose log is ahead of their projection.
fn unprojected_heads() -> IndexCreateStatement {
    index("ix_ledger_heads_unprojected", "ledger_heads", &["user_id"])
        .and_where(Expr::col("unprojected"))
        .to_owned()
}

fn ledger_entries() -> TableCreateStatement {
    Table::create()
        .table("ledger_entries")
        .col(uuid("user_id"))
        .col(big_integer("seq"))
        .col(uuid_uniq("id"))
        .col(string("name"))
        .col(small_integer("version"))
        .col(string("actor"))
        .col(big_integer_null("device_time"))
        .col(big_integer("server_time"))
        .col(string("zone"))
        .col(text("payload"))
        .primary_key(Index::create().col("user_id").col("seq"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}
