//! Sessions, their learning events, and bookmarks on these.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, date, pk_uuid, string, text, text_null, uuid,
};

use crate::shorthand::{drop_tables, index, owned_by};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sessions()).await?;
        manager.create_table(learning_events()).await?;
        manager.create_table(bookmarks()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["bookmarks", "learning_events", "sessions"]).await
    }
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(big_integer("started_at"))
        .col(date("date"))
        .col(string("zone"))
        .col(big_integer_null("ended_at"))
        .col(big_integer("last_activity_at"))
        .col(big_integer("event_count").default(0))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

/// The user is repeated so that every query can be scoped without a join.
fn learning_events() -> TableCreateStatement {
    Table::create()
        .table("learning_events")
        .col(pk_uuid("id"))
        .col(uuid("session_id"))
        .col(uuid("user_id"))
        .col(string("object_key"))
        .col(big_integer("captured_at"))
        .col(big_integer("received_at"))
        .col(string("topic"))
        .col(text("model"))
        .col(boolean("reused"))
        .col(boolean("is_studying"))
        .col(boolean("is_active"))
        .col(boolean("is_distracted"))
        .col(text_null("seen_topic"))
        .col(text_null("seen_subtopic"))
        .col(text("extracted_text"))
        .foreign_key(&mut owned_by("session_id", "sessions"))
        .to_owned()
}

fn bookmarks() -> TableCreateStatement {
    Table::create()
        .table("bookmarks")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid("event_id"))
        .col(uuid("session_id"))
        .col(text_null("note"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .foreign_key(&mut owned_by("event_id", "learning_events"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 8] {
    let active = || Expr::col("ended_at").is_null();
    [
        index(
            "ix_sessions_list",
            "sessions",
            &["user_id", "started_at", "id"],
        ),
        index(
            "ix_sessions_day",
            "sessions",
            &["user_id", "date", "started_at", "id"],
        ),
        index(
            "ix_sessions_active",
            "sessions",
            &["user_id", "started_at", "id"],
        )
        .and_where(active())
        .to_owned(),
        index("ix_sessions_idle", "sessions", &["last_activity_at", "id"])
            .and_where(active())
            .to_owned(),
        index(
            "ix_learning_events_list",
            "learning_events",
            &["session_id", "captured_at", "id"],
        ),
        index(
            "ix_bookmarks_list",
            "bookmarks",
            &["user_id", "created_at", "id"],
        ),
        index(
            "ix_bookmarks_session",
            "bookmarks",
            &["session_id", "created_at", "id"],
        ),
        index("ix_bookmarks_event", "bookmarks", &["event_id"]),
    ]
}
