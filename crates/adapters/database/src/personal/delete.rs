//! Deleting all rows of a user.

use std::collections::BTreeMap;

use auth::Audited;
use kernel::{PortResult, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::catalogue::PERSONAL;
use super::declared::{Owner, Personal};
use crate::error::within;
use crate::mark::pseudonym;

/// Deletes table by table; tables without any are not named. Lines of the audit about others stay,
/// and no longer tell that it was this user who acted; those of what admins did to the user stay
/// too, and name them by a pseudonym. Both count as removed.
pub(crate) async fn delete_all(
    tx: &DatabaseTransaction,
    user: UserId,
) -> PortResult<BTreeMap<String, u64>> {
    let mut removed = BTreeMap::new();
    for personal in PERSONAL {
        let mut count = 0;
        if matches!(personal.owner, Owner::Audit) {
            count += rename_subject(tx, user).await?;
        }
        let delete = Query::delete()
            .from_table(personal.table)
            .cond_where(condition(personal.owner, user))
            .to_owned();
        let deleted = within("erase rows", tx.execute(&delete)).await?;
        count += deleted.rows_affected();
        if matches!(personal.owner, Owner::Audit) {
            count += forget_actor(tx, user).await?;
        }
        if count > 0 {
            removed.insert(personal.table.to_owned(), count);
        }
    }
    Ok(removed)
}

async fn forget_actor(tx: &DatabaseTransaction, user: UserId) -> PortResult<u64> {
    let update = Query::update()
        .table("audit")
        .value("actor", None::<Uuid>)
        .value("address", None::<String>)
        .value("user_agent", None::<String>)
        .and_where(Expr::col("actor").eq(user.uuid()))
        .to_owned();
    let updated = within("forget who acted", tx.execute(&update)).await?;
    Ok(updated.rows_affected())
}

/// What admins answer for is not undone by whom they did it to. Lines of one user go on belonging
/// together. What strangers tried goes, for they may have been the user.
async fn rename_subject(tx: &DatabaseTransaction, user: UserId) -> PortResult<u64> {
    let what = Audited::BY_ADMINS.iter().map(|what| what.as_str());
    let update = Query::update()
        .table("audit")
        .value("subject", pseudonym(user))
        .and_where(Expr::col("subject").eq(user.uuid()))
        .and_where(Expr::col("what").is_in(what))
        .cond_where(
            Condition::any()
                .add(Expr::col("actor").is_null())
                .add(Expr::col("actor").ne(user.uuid())),
        )
        .to_owned();
    let updated = within("keep what admins did", tx.execute(&update)).await?;
    Ok(updated.rows_affected())
}

/// Which rows are the user's.
pub(super) fn condition(owner: Owner, user: UserId) -> Condition {
    let is_user = |column: &'static str| Expr::col(column).eq(user.uuid());
    match owner {
        Owner::Column(column) => Condition::all().add(is_user(column)),
        Owner::Through(column, table) => {
            let parents = Query::select()
                .column("id")
                .from(table)
                .cond_where(condition(owner_of(table), user))
                .to_owned();
            Condition::all().add(Expr::col(column).in_subquery(parents))
        }
        Owner::ColumnOrMention(column, text) => Condition::any()
            .add(is_user(column))
            .add(Expr::col(text).like(format!("%{user}%"))),
        Owner::Audit => Condition::any().add(is_user("subject")).add(
            Condition::all()
                .add(is_user("actor"))
                .add(Expr::col("subject").is_null()),
        ),
    }
}

/// Where a table is not declared, no row is anybody's; a test finds it.
fn owner_of(table: &str) -> Owner {
    let declared = |personal: &&Personal| personal.table == table;
    let parent = PERSONAL.iter().find(declared);
    parent.map_or(Owner::Column("id"), |parent| parent.owner)
}
