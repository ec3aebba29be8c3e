//! Keeps families of refresh tokens.

use async_trait::async_trait;
use auth::{
    Ending, Family, FamilyKey, FamilyStore, Held, IssuedAccess, Opening, Stepped, Succession,
};
use kernel::{PortResult, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::Database;
use crate::account_rows::lock;
use crate::audit::write_down;
use crate::error::{retrying, within};
use crate::family_rows::{
    end_one, family, family_row, live, live_access_in, lock_one, token, token_row,
};
use crate::revocations::revoke;
use crate::tables::{refresh_families as families, refresh_tokens as tokens};

/// The most devices in one list.
const MOST_LISTED: u64 = 200;

#[async_trait]
impl FamilyStore for Database {
    async fn open(&self, opening: &Opening) -> PortResult<Stepped> {
        retrying(|| open(self, opening)).await
    }

    async fn find(&self, by: FamilyKey) -> PortResult<Option<Held>> {
        let of = match by {
            FamilyKey::Refresh(hash) => tokens::Column::Hash.eq(hash.as_bytes().to_vec()),
            FamilyKey::Access(id) => tokens::Column::AccessId.eq(id.uuid()),
        };
        let row = tokens::Entity::find().filter(of).one(self.reader());
        let Some(row) = within("find a refresh token", row).await? else {
            return Ok(None);
        };
        let of = families::Entity::find_by_id(row.family_id).one(self.reader());
        let of = within("find a family", of).await?;
        let token = token(row)?;
        let held = |of| family(of).map(|family| Held { token, family });
        of.map(held).transpose()
    }

    async fn succeed(&self, succession: &Succession) -> PortResult<Stepped> {
        retrying(|| succeed(self, succession)).await
    }

    async fn end(&self, ending: &Ending) -> PortResult<Option<Vec<IssuedAccess>>> {
        retrying(|| end(self, ending)).await
    }

    async fn list(&self, user: UserId, now: Timestamp) -> PortResult<Vec<Family>> {
        let rows = live(user)
            .filter(Expr::exists(unexpired(now)))
            .order_by_desc(families::Column::LastUsedAt)
            .order_by_desc(families::Column::Id)
            .limit(MOST_LISTED)
            .all(self.reader());
        let rows = within("list families", rows).await?;
        rows.into_iter().map(family).collect()
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let purged = retrying(|| purge_tokens(self, before)).await?;
        retrying(|| purge_families(self)).await?;
        Ok(purged)
    }
}

async fn open(database: &Database, opening: &Opening) -> PortResult<Stepped> {
    let Opening {
        account_version,
        family,
        token,
        audit,
    } = opening;
    let tx = database.begin_write().await?;
    if lock(&tx, family.user).await? != Some(*account_version) {
        return Ok(Stepped::Moved);
    }
    let insert = families::Entity::insert(family_row(family)?).exec_without_returning(&tx);
    within("insert a family", insert).await?;
    let insert = tokens::Entity::insert(token_row(token)).exec_without_returning(&tx);
    within("insert a refresh token", insert).await?;
    write_down(&tx, [audit]).await?;
    within("open a family", tx.commit()).await?;
    Ok(Stepped::Done)
}

async fn succeed(database: &Database, step: &Succession) -> PortResult<Stepped> {
    let tx = database.begin_write().await?;
    if lock(&tx, step.user).await? != Some(step.account_version) {
        return Ok(Stepped::Moved);
    }
    let Some(family) = lock_one(&tx, step.user, step.successor.family).await? else {
        return Ok(Stepped::Moved);
    };
    if !swap(&tx, step).await? {
        return Ok(Stepped::Moved);
    }
    let insert = tokens::Entity::insert(token_row(&step.successor)).exec_without_returning(&tx);
    within("insert a refresh token", insert).await?;
    used(&tx, family, step.successor.issued_at).await?;
    within("swap a refresh token", tx.commit()).await?;
    Ok(Stepped::Done)
}

/// Compares and swaps; a token that was swapped before keeps its mark.
async fn swap(tx: &DatabaseTransaction, step: &Succession) -> PortResult<bool> {
    use tokens::Column;
    let expected = step.swapped_at.map(|at| at.timestamp_millis());
    let mark = expected.unwrap_or(step.successor.issued_at.timestamp_millis());
    let as_read = match expected {
        None => Column::SwappedAt.is_null(),
        Some(at) => Column::SwappedAt.eq(at),
    };
    let update = tokens::Entity::update_many()
        .col_expr(Column::SwappedAt, Expr::value(mark))
        .filter(Column::Hash.eq(step.presented.as_bytes().to_vec()))
        .filter(Column::FamilyId.eq(step.successor.family.uuid()))
        .filter(as_read)
        .exec(tx);
    let swapped = within("swap a refresh token", update).await?;
    Ok(swapped.rows_affected == 1)
}

/// The clocks of replicas differ: the last use never moves back.
async fn used(tx: &DatabaseTransaction, row: families::Model, at: Timestamp) -> PortResult<()> {
    let last = Ord::max(row.last_used_at, at.timestamp_millis());
    let update = families::Entity::update_many()
        .col_expr(families::Column::LastUsedAt, Expr::value(last))
        .filter(families::Column::Id.eq(row.id))
        .exec(tx);
    within("move a family's last use", update).await.map(drop)
}

async fn end(database: &Database, ending: &Ending) -> PortResult<Option<Vec<IssuedAccess>>> {
    let Ending {
        user,
        family,
        at,
        reason,
        audit,
    } = ending;
    let tx = database.begin_write().await?;
    if lock_one(&tx, *user, *family).await?.is_none() {
        return Ok(None);
    }
    let access = live_access_in(&tx, *family, *at).await?;
    end_one(&tx, *family, *at, *reason).await?;
    write_down(&tx, [audit]).await?;
    revoke(&tx, &access).await?;
    within("end a family", tx.commit()).await?;
    Ok(Some(access))
}

async fn purge_tokens(database: &Database, before: Timestamp) -> PortResult<u64> {
    let tx = database.begin_write().await?;
    let delete = tokens::Entity::delete_many()
        .filter(tokens::Column::ExpiresAt.lt(before.timestamp_millis()))
        .exec(&tx);
    let purged = within("purge refresh tokens", delete).await?.rows_affected;
    within("purge refresh tokens", tx.commit()).await?;
    Ok(purged)
}

/// In a transaction after the one that took the tokens: a family that has none then cannot get
/// one any more, for a successor needs the token it follows.
async fn purge_families(database: &Database) -> PortResult<()> {
    let tx = database.begin_write().await?;
    let delete = families::Entity::delete_many()
        .filter(Expr::exists(of_family()).not())
        .exec(&tx);
    within("purge families", delete).await?;
    within("purge families", tx.commit()).await
}

/// The tokens of the family in the query around it.
fn of_family() -> SelectStatement {
    let family = Expr::col((families::Entity, families::Column::Id));
    tokens::Entity::find()
        .select_only()
        .column(tokens::Column::Hash)
        .filter(Expr::col((tokens::Entity, tokens::Column::FamilyId)).eq(family))
        .into_query()
}

fn unexpired(now: Timestamp) -> SelectStatement {
    let mut tokens = of_family();
    let expires_at = Expr::col((tokens::Entity, tokens::Column::ExpiresAt));
    tokens.and_where(expires_at.gt(now.timestamp_millis()));
    tokens
}
