//! Conversations with the voice tutor, and what was said in them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, pk_uuid, string, string_null, text, uuid,
};

use crate::shorthand::{drop_tables, index, owned_by};

/// Tokens by what was done with them and what they stand for.
const TOKENS: [&str; 9] = [
    "input_text",
    "input_audio",
    "input_image",
    "cached_text",
    "cached_audio",
    "cached_image",
    "output_text",
    "output_audio",
    "output_image",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(voice_sessions()).await?;
        manager.create_table(voice_turns()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["voice_turns", "voice_sessions"]).await
    }
}

fn voice_sessions() -> TableCreateStatement {
    let mut table = Table::create()
        .table("voice_sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid("session_id"))
        .col(big_integer("started_at"))
        .col(string("zone"))
        .col(big_integer("last_seen_at"))
        .col(big_integer_null("ended_at"))
        .col(string_null("end_reason"))
        .col(text("model"))
        .col(big_integer_null("cost_micros"))
        .foreign_key(&mut owned_by("session_id", "sessions"))
        .to_owned();
    for tokens in TOKENS {
        table.col(big_integer(tokens));
    }
    table
}

/// The user is repeated so that every query can be scoped without a join.
fn voice_turns() -> TableCreateStatement {
    Table::create()
        .table("voice_turns")
        .col(uuid("voice_session_id"))
        .col(big_integer("number"))
        .col(uuid("user_id"))
        .col(string("speaker"))
        .col(text("item"))
        .col(text("text"))
        .col(big_integer("at"))
        .col(big_integer_null("heard_ms"))
        .col(big_integer_null("spoken_ms"))
        .primary_key(Index::create().col("voice_session_id").col("number"))
        .foreign_key(&mut owned_by("voice_session_id", "voice_sessions"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 4] {
    [
        index(
            "ix_voice_sessions_list",
            "voice_sessions",
            &["user_id", "started_at", "id"],
        ),
        index(
            "ix_voice_sessions_session",
            "voice_sessions",
            &["session_id", "started_at", "id"],
        ),
        index(
            "ix_voice_sessions_abandoned",
            "voice_sessions",
            &["last_seen_at", "id"],
        )
        .and_where(Expr::col("ended_at").is_null())
        .to_owned(),
        index("ix_voice_turns_user", "voice_turns", &["user_id"]),
    ]
}
