//! What providers have billed, and whether there is doubt about the text of a picture.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, date, pk_uuid, string, text, uuid,
};

use crate::shorthand::{drop_tables, index, owned_by};

/// Tokens by what was done with them and what they stand for; images are never made.
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

const DISPUTED: &str = "text_disputed";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(charges()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        let mut events = Table::alter();
        events.table("learning_events");
        events.add_column(boolean(DISPUTED).default(false));
        manager.alter_table(events).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut events = Table::alter();
        events.table("learning_events").drop_column(DISPUTED);
        manager.alter_table(events).await?;
        drop_tables(manager, &["charges"]).await
    }
}

/// The day is the user's own at the time the charge was stored: it stays where it is when the user
/// moves to another time zone.
fn charges() -> TableCreateStatement {
    let mut table = Table::create()
        .table("charges")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(big_integer("at"))
        .col(date("date"))
        .col(string("work"))
        .col(string("provider"))
        .col(text("model"))
        .col(big_integer_null("cost_micros"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned();
    for tokens in TOKENS {
        table.col(big_integer(tokens));
    }
    table
}

fn indexes() -> [IndexCreateStatement; 2] {
    [
        index("ix_charges_user", "charges", &["user_id", "date"]),
        index("ix_charges_day", "charges", &["date", "user_id"]),
    ]
}
