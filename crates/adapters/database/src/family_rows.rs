//! Families and refresh tokens, between values and rows, and what several ports do with them.

use auth::{Device, EndReason, Family, IssuedAccess, RefreshToken, TokenHash};
use kernel::{FamilyId, Fault, PortError, PortResult, Timestamp, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use crate::convert::{moment, optional_moment, optional_text};
use crate::error::within;
use crate::tables::{refresh_families as families, refresh_tokens as tokens};

/// Families of this user that go on.
pub(crate) fn live(user: UserId) -> Select<families::Entity> {
    families::Entity::find()
        .filter(families::Column::UserId.eq(user.uuid()))
        .filter(families::Column::EndedAt.is_null())
}

/// Locks a family of this user that goes on; `None` if there is none such.
pub(crate) async fn lock_one(
    tx: &DatabaseTransaction,
    user: UserId,
    id: FamilyId,
) -> PortResult<Option<families::Model>> {
    let row = live(user)
        .filter(families::Column::Id.eq(id.uuid()))
        .lock_exclusive()
        .one(tx);
    within("lock a family", row).await
}

/// Locks every family of this user that goes on, always in the same order.
pub(crate) async fn lock_live(tx: &DatabaseTransaction, user: UserId) -> PortResult<()> {
    let rows = live(user)
        .order_by_asc(families::Column::Id)
        .lock_exclusive()
        .all(tx);
    within("lock an account's families", rows).await.map(drop)
}

/// Access tokens of the user's families that go on, as far as they are unexpired at `at`.
pub(crate) async fn live_access_of(
    tx: &DatabaseTransaction,
    user: UserId,
    at: Timestamp,
) -> PortResult<Vec<IssuedAccess>> {
    let of = live(user)
        .select_only()
        .column(families::Column::Id)
        .into_query();
    unexpired(tx, tokens::Column::FamilyId.in_subquery(of), at).await
}

/// Access tokens of this family that are unexpired at `at`.
pub(crate) async fn live_access_in(
    tx: &DatabaseTransaction,
    family: FamilyId,
    at: Timestamp,
) -> PortResult<Vec<IssuedAccess>> {
    unexpired(tx, tokens::Column::FamilyId.eq(family.uuid()), at).await
}

async fn unexpired(
    tx: &DatabaseTransaction,
    of: sea_orm::sea_query::SimpleExpr,
    at: Timestamp,
) -> PortResult<Vec<IssuedAccess>> {
    let rows = tokens::Entity::find()
        .filter(of)
        .filter(tokens::Column::AccessExpiresAt.gt(at.timestamp_millis()))
        .all(tx);
    let rows = within("find access tokens", rows).await?;
    let access = rows.into_iter().map(|row| Ok(token(row)?.access));
    access.collect()
}

/// Ends every family of this user that goes on.
pub(crate) async fn end_all(
    tx: &DatabaseTransaction,
    user: UserId,
    at: Timestamp,
    reason: EndReason,
) -> PortResult<()> {
    let of = families::Column::UserId.eq(user.uuid());
    end_where(tx, of, at, reason).await
}

/// Ends this family, if it goes on.
pub(crate) async fn end_one(
    tx: &DatabaseTransaction,
    family: FamilyId,
    at: Timestamp,
    reason: EndReason,
) -> PortResult<()> {
    let of = families::Column::Id.eq(family.uuid());
    end_where(tx, of, at, reason).await
}

async fn end_where(
    tx: &DatabaseTransaction,
    which: sea_orm::sea_query::SimpleExpr,
    at: Timestamp,
    reason: EndReason,
) -> PortResult<()> {
    use families::Column;
    let update = families::Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(at.timestamp_millis()))
        .col_expr(Column::EndReason, Expr::value(reason.as_str()))
        .filter(which)
        .filter(Column::EndedAt.is_null())
        .exec(tx);
    within("end families", update).await.map(drop)
}

/// The family as a row.
pub(crate) fn family_row(family: &Family) -> PortResult<families::ActiveModel> {
    let Family {
        id,
        user,
        device,
        opened_at,
        last_used_at,
        ended,
    } = family;
    Ok(families::ActiveModel {
        id: Set(id.uuid()),
        user_id: Set(user.uuid()),
        device_name: Set(optional_text(device.name())?),
        user_agent: Set(optional_text(device.user_agent())?),
        opened_at: Set(opened_at.timestamp_millis()),
        last_used_at: Set(last_used_at.timestamp_millis()),
        ended_at: Set(ended.map(|(at, _)| at.timestamp_millis())),
        end_reason: Set(ended.map(|(_, reason)| reason.as_str().to_owned())),
    })
}

/// The family of a row.
pub(crate) fn family(row: families::Model) -> PortResult<Family> {
    let families::Model {
        id,
        user_id,
        device_name,
        user_agent,
        opened_at,
        last_used_at,
        ended_at,
        end_reason,
    } = row;
    Ok(Family {
        id: id.into(),
        user: user_id.into(),
        device: Device::new(device_name.as_deref(), user_agent.as_deref()),
        opened_at: moment(opened_at)?,
        last_used_at: moment(last_used_at)?,
        ended: ended(ended_at, end_reason.as_deref())?,
    })
}

fn ended(at: Option<i64>, reason: Option<&str>) -> PortResult<Option<(Timestamp, EndReason)>> {
    let Some(at) = at else {
        return Ok(None);
    };
    let unknown = PortError::bare(Fault::Corrupt, "read why a family ended");
    let reason = reason.and_then(EndReason::parse).ok_or(unknown)?;
    Ok(Some((moment(at)?, reason)))
}

/// The token as a row.
pub(crate) fn token_row(token: &RefreshToken) -> tokens::ActiveModel {
    let RefreshToken {
        hash,
        family,
        issued_at,
        expires_at,
        swapped_at,
        access,
    } = token;
    tokens::ActiveModel {
        hash: Set(hash.as_bytes().to_vec()),
        family_id: Set(family.uuid()),
        issued_at: Set(issued_at.timestamp_millis()),
        expires_at: Set(expires_at.timestamp_millis()),
        swapped_at: Set(swapped_at.map(|at| at.timestamp_millis())),
        access_id: Set(access.id.uuid()),
        access_expires_at: Set(access.expires_at.timestamp_millis()),
    }
}

/// The token of a row.
pub(crate) fn token(row: tokens::Model) -> PortResult<RefreshToken> {
    let tokens::Model {
        hash: bytes,
        family_id,
        issued_at,
        expires_at,
        swapped_at,
        access_id,
        access_expires_at,
    } = row;
    Ok(RefreshToken {
        hash: hash(&bytes)?,
        family: family_id.into(),
        issued_at: moment(issued_at)?,
        expires_at: moment(expires_at)?,
        swapped_at: optional_moment(swapped_at)?,
        access: IssuedAccess {
            id: access_id.into(),
            expires_at: moment(access_expires_at)?,
        },
    })
}

/// A stored hash.
pub(crate) fn hash(bytes: &[u8]) -> PortResult<TokenHash> {
    let bytes = <[u8; 32]>::try_from(bytes);
    let bytes = bytes.map_err(|e| PortError::new(Fault::Corrupt, "read a token's hash", e))?;
    Ok(bytes.into())
}
