//! What is derived from the logs; every row here can be dropped and folded again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, date, pk_uuid, string, text, uuid};

use crate::shorthand::{drop_tables, index, owned_by};

const TABLES: &[&str] = &[
    "user_topics",
    "help_counts",
    "topic_stats",
    "session_timelines",
    "projections",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(projections()).await?;
        manager.create_table(session_timelines()).await?;
        manager.create_table(topic_stats()).await?;
        manager.create_table(help_counts()).await?;
        manager.create_table(user_topics()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

/// The place in the user's log that was folded last. Its row is the lock between projectors.
fn projections() -> TableCreateStatement {
    Table::create()
        .table("projections")
        .col(pk_uuid("user_id"))
        .col(big_integer("seq"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

fn session_timelines() -> TableCreateStatement {
    Table::create()
        .table("session_timelines")
        .col(pk_uuid("session_id"))
        .col(uuid("user_id"))
        .col(text("state"))
        .col(big_integer_null("ended_at"))
        .foreign_key(&mut owned_by("session_id", "sessions"))
        .to_owned()
}

fn topic_stats() -> TableCreateStatement {
    Table::create()
        .table("topic_stats")
        .col(uuid("session_id"))
        .col(date("date"))
        .col(string("topic"))
        .col(uuid("user_id"))
        .col(big_integer("duration_ms"))
        .col(big_integer("active_ms"))
        .col(big_integer("distracted_ms"))
        .col(big_integer("num_distracted"))
        .primary_key(Index::create().col("session_id").col("date").col("topic"))
        .foreign_key(&mut owned_by("session_id", "sessions"))
        .to_owned()
}

fn help_counts() -> TableCreateStatement {
    Table::create()
        .table("help_counts")
        .col(uuid("user_id"))
        .col(date("date"))
        .col(string("topic"))
        .col(big_integer("count"))
        .primary_key(Index::create().col("user_id").col("date").col("topic"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

/// A topic seen without a subtopic has the empty text as its subtopic.
fn user_topics() -> TableCreateStatement {
    Table::create()
        .table("user_topics")
        .col(uuid("user_id"))
        .col(string("topic"))
        .col(text("subtopic"))
        .col(big_integer("last_seen_at"))
        .primary_key(Index::create().col("user_id").col("topic").col("subtopic"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        index(
            "ix_session_timelines_user",
            "session_timelines",
            &["user_id"],
        ),
        index(
            "ix_session_timelines_running",
            "session_timelines",
            &["user_id", "session_id"],
        )
        .and_where(Expr::col("ended_at").is_null())
        .to_owned(),
        index("ix_topic_stats_day", "topic_stats", &["user_id", "date"]),
    ]
}
