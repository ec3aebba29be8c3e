//! Durable jobs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, pk_uuid, small_integer, string, string_null, text, text_null,
    uuid_null,
};

use crate::shorthand::{drop_tables, index, owned_by};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(jobs()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["jobs"]).await
    }
}

/// `due_at` of a job that waits is when it may be begun, of one that runs when its lease runs out:
/// in both cases when it may be claimed.
fn jobs() -> TableCreateStatement {
    Table::create()
        .table("jobs")
        .col(pk_uuid("id"))
        .col(uuid_null("user_id"))
        .col(string_null("zone"))
        .col(string("kind"))
        .col(string_null("unique_key"))
        .col(string("state"))
        .col(text("payload"))
        .col(small_integer("progress"))
        .col(small_integer("attempts"))
        .col(big_integer("accepted_at"))
        .col(big_integer("due_at"))
        .col(uuid_null("holder"))
        .col(text_null("result"))
        .col(text_null("reason"))
        .col(big_integer_null("ended_at"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 4] {
    let is_open = || Expr::col("ended_at").is_null();
    [
        index("ix_jobs_due", "jobs", &["due_at", "id"])
            .and_where(is_open())
            .to_owned(),
        index("ix_jobs_once", "jobs", &["kind", "unique_key"])
            .unique()
            .and_where(is_open())
            .and_where(Expr::col("unique_key").is_not_null())
            .to_owned(),
        index("ix_jobs_ended", "jobs", &["ended_at"])
            .and_where(Expr::col("ended_at").is_not_null())
            .to_owned(),
        index("ix_jobs_user", "jobs", &["user_id"]),
    ]
}
