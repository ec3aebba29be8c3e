//! Accounts, what signs in to them, the blacklist of access tokens, and the audit.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary_len, pk_uuid, small_integer, string, string_null,
    string_uniq, text_null, uuid, uuid_null, uuid_uniq,
};

use crate::shorthand::{drop_tables, index, owned_by};

/// SHA-256.
const HASH_BYTES: u32 = 32;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            accounts(),
            refresh_families(),
            refresh_tokens(),
            mailed_tokens(),
            revocations(),
            revocation_head(),
            audit(),
        ] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        manager.execute(first_head()?).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "audit",
            "revocation_head",
            "revocations",
            "mailed_tokens",
            "refresh_tokens",
            "refresh_families",
            "accounts",
        ];
        drop_tables(manager, &tables).await
    }
}

/// Its row is the lock that orders what happens to an account.
fn accounts() -> TableCreateStatement {
    Table::create()
        .table("accounts")
        .col(pk_uuid("user_id"))
        .col(string_uniq("email"))
        .col(big_integer_null("verified_at"))
        .col(text_null("password_hash"))
        .col(string_null("google_subject").unique_key())
        .col(string("role"))
        .col(big_integer_null("disabled_at"))
        .col(big_integer("created_at"))
        .col(big_integer("version"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

fn refresh_families() -> TableCreateStatement {
    Table::create()
        .table("refresh_families")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text_null("device_name"))
        .col(text_null("user_agent"))
        .col(big_integer("opened_at"))
        .col(big_integer("last_used_at"))
        .col(big_integer_null("ended_at"))
        .col(string_null("end_reason"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table("refresh_tokens")
        .col(binary_len("hash", HASH_BYTES).primary_key())
        .col(uuid("family_id"))
        .col(big_integer("issued_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("swapped_at"))
        .col(uuid_uniq("access_id"))
        .col(big_integer("access_expires_at"))
        .foreign_key(&mut owned_by("family_id", "refresh_families"))
        .to_owned()
}

fn mailed_tokens() -> TableCreateStatement {
    Table::create()
        .table("mailed_tokens")
        .col(binary_len("hash", HASH_BYTES).primary_key())
        .col(string("purpose"))
        .col(uuid("user_id"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .to_owned()
}

/// Belongs to nobody: a token stays refused when its user is gone.
fn revocations() -> TableCreateStatement {
    Table::create()
        .table("revocations")
        .col(big_integer("number").primary_key())
        .col(uuid("token_id"))
        .col(big_integer("expires_at"))
        .to_owned()
}

/// The number of the newest line of the blacklist, purged or not. Its one row is the lock that
/// makes the numbers follow commit order.
fn revocation_head() -> TableCreateStatement {
    Table::create()
        .table("revocation_head")
        .col(small_integer("id").primary_key())
        .col(big_integer("number"))
        .to_owned()
}

/// Belongs to nobody: strangers are in it too.
fn audit() -> TableCreateStatement {
    Table::create()
        .table("audit")
        .col(pk_uuid("id"))
        .col(big_integer("at"))
        .col(string("what"))
        .col(uuid_null("actor"))
        .col(uuid_null("subject"))
        .col(string_null("address"))
        .col(text_null("user_agent"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 9] {
    let one_of_each = ["user_id", "purpose"];
    [
        index("ix_accounts_list", "accounts", &["created_at", "user_id"]),
        index(
            "ix_refresh_families_list",
            "refresh_families",
            &["user_id", "last_used_at", "id"],
        ),
        index(
            "ix_refresh_tokens_family",
            "refresh_tokens",
            &["family_id", "expires_at"],
        ),
        index("ix_refresh_tokens_age", "refresh_tokens", &["expires_at"]),
        index("ux_mailed_tokens", "mailed_tokens", &one_of_each)
            .unique()
            .to_owned(),
        index("ix_mailed_tokens_age", "mailed_tokens", &["expires_at"]),
        index("ix_revocations_age", "revocations", &["expires_at"]),
        index("ix_audit_list", "audit", &["at", "id"]),
        index("ix_audit_subject", "audit", &["subject", "at", "id"]),
    ]
}

fn first_head() -> Result<InsertStatement, DbErr> {
    let mut insert = Query::insert();
    insert
        .into_table("revocation_head")
        .columns(["id", "number"])
        .values([1_i16.into(), 0_i64.into()])
        .map_err(|e| DbErr::Migration(e.to_string()))?;
    Ok(insert)
}
