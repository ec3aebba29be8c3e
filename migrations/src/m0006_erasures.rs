//! Marks of erased users, and what finding everything of a user needs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary_len, uuid_null};

use crate::shorthand::{drop_tables, index};

/// SHA-256.
const DIGEST_BYTES: u32 = 32;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(erasures()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_learning_events_object", "ix_audit_actor"] {
            manager
                .drop_index(Index::drop().name(name).to_owned())
                .await?;
        }
        drop_tables(manager, &["erasures"]).await
    }
}

/// The digest tells whether a given user was erased. The user stands there only until the erasure
/// is complete. Without `refuse_until` nothing of the user is taken any more.
fn erasures() -> TableCreateStatement {
    Table::create()
        .table("erasures")
        .col(binary_len("digest", DIGEST_BYTES).primary_key())
        .col(uuid_null("user_id"))
        .col(big_integer("began_at"))
        .col(big_integer_null("refuse_until"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        index("ix_erasures_unfinished", "erasures", &["began_at"])
            .and_where(Expr::col("user_id").is_not_null())
            .to_owned(),
        index(
            "ix_learning_events_object",
            "learning_events",
            &["user_id", "object_key", "id"],
        ),
        index("ix_audit_actor", "audit", &["actor"]),
    ]
}
