//! Segments, and keys of objects that no row names yet or any more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, pk_uuid, string, string_null, text, text_null, uuid,
};

use crate::shorthand::{drop_tables, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(segments()).await?;
        manager.create_table(object_leases()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["object_leases", "segments"]).await
    }
}

/// The id follows from the user, the three names and the image. A name that is not given is empty,
/// and so is the key of a segment without sound.
fn segments() -> TableCreateStatement {
    Table::create()
        .table("segments")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("session"))
        .col(text("evaluator"))
        .col(text("client"))
        .col(big_integer("image_index"))
        .col(text_null("signed_url"))
        .col(text_null("image_key"))
        .col(text("audio_key"))
        .col(string_null("audio_type"))
        .col(big_integer_null("audio_bytes"))
        .col(big_integer("created_at"))
        .col(big_integer("received_at"))
        .to_owned()
}

/// Its rows outlive those of their users, as the objects they are about may.
fn object_leases() -> TableCreateStatement {
    Table::create()
        .table("object_leases")
        .col(text("key").primary_key())
        .col(big_integer("until"))
        .col(string("state"))
        .col(string_null("content_type"))
        .col(big_integer_null("size"))
        .col(string_null("sha256"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        index(
            "ix_segments_list",
            "segments",
            &["user_id", "session", "created_at", "id"],
        ),
        index(
            "ix_segments_audio",
            "segments",
            &["user_id", "audio_key", "id"],
        ),
        index("ix_object_leases_end", "object_leases", &["state", "until"]),
    ]
}
