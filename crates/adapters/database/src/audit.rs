//! Keeps the audit.

use std::net::IpAddr;

use async_trait::async_trait;
use auth::{AuditEvent, AuditLog, Audited};
use kernel::{Fault, Page, PageRequest, PortError, PortResult, Timestamp, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Order, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::Database;
use crate::convert::{moment, optional_text};
use crate::error::{retrying, within};
use crate::mark::mark_of;
use crate::page::overfull;
use crate::tables::audit::{ActiveModel, Column, Entity, Model};
use crate::user_tx::hold_user;

/// How many events are removed in one transaction.
const AT_ONCE: u64 = 5_000;

#[async_trait]
impl AuditLog for Database {
    async fn append(&self, event: &AuditEvent) -> PortResult<()> {
        retrying(|| append(self, event)).await
    }

    async fn list(
        &self,
        subject: Option<UserId>,
        page: PageRequest,
    ) -> PortResult<Page<AuditEvent>> {
        let mut rows = Entity::find();
        if let Some(subject) = subject {
            rows = rows.filter(Column::Subject.eq(subject.uuid()));
        }
        let rows = overfull(rows, Column::At, Column::Id, page).all(self.reader());
        let rows = within("list the audit", rows).await?;
        let events: PortResult<Vec<AuditEvent>> = rows.into_iter().map(event).collect();
        Ok(Page::from_overfull(
            events?,
            page.limit(),
            AuditEvent::cursor,
        ))
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let mut removed = 0;
        loop {
            let portion = retrying(|| purge(self, before)).await?;
            removed += portion;
            if portion < AT_ONCE {
                return Ok(removed);
            }
        }
    }
}

/// No transaction is long, however much has come together.
async fn purge(database: &Database, before: Timestamp) -> PortResult<u64> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::At.lt(before.timestamp_millis()))
        .order_by(Column::At, Order::Asc)
        .limit(AT_ONCE)
        .to_owned();
    let tx = database.begin_write().await?;
    let delete = Entity::delete_many().filter(Column::Id.in_subquery(oldest));
    let deleted = within("purge the audit", delete.exec(&tx)).await?;
    within("purge the audit", tx.commit()).await?;
    Ok(deleted.rows_affected)
}

async fn append(database: &Database, event: &AuditEvent) -> PortResult<()> {
    let tx = database.begin_write().await?;
    write_down(&tx, [event]).await?;
    within("append to the audit", tx.commit()).await
}

/// Writes events down in the transaction of what they tell of.
///
/// # Errors
/// `Conflict` when an id is taken.
pub(crate) async fn write_down(
    tx: &DatabaseTransaction,
    events: impl IntoIterator<Item = &AuditEvent>,
) -> PortResult<()> {
    for event in events {
        let row = ActiveModel {
            actor: Set(named(tx, event.actor).await?),
            subject: Set(named(tx, event.subject).await?),
            ..row(event)?
        };
        let insert = Entity::insert(row).exec_without_returning(tx);
        within("append to the audit", insert).await?;
    }
    Ok(())
}

/// The user, unless they were erased: the audit does not name them any more, whatever it is that
/// was under way. Who is named stays until it is written.
async fn named(tx: &DatabaseTransaction, user: Option<UserId>) -> PortResult<Option<Uuid>> {
    let Some(user) = user else {
        return Ok(None);
    };
    let is_gone = !hold_user(tx, user).await? && mark_of(tx, user).await?.is_some();
    Ok((!is_gone).then(|| user.uuid()))
}

fn row(event: &AuditEvent) -> PortResult<ActiveModel> {
    let AuditEvent {
        id,
        at,
        what,
        actor,
        subject,
        address,
        user_agent,
    } = event;
    Ok(ActiveModel {
        id: Set(id.uuid()),
        at: Set(at.timestamp_millis()),
        what: Set(what.as_str().to_owned()),
        actor: Set(actor.map(UserId::uuid)),
        subject: Set(subject.map(UserId::uuid)),
        address: Set(address.map(|address| address.to_string())),
        user_agent: Set(optional_text(user_agent.as_deref())?),
    })
}

fn event(row: Model) -> PortResult<AuditEvent> {
    let Model {
        id,
        at,
        what,
        actor,
        subject,
        address,
        user_agent,
    } = row;
    let unknown = PortError::bare(Fault::Corrupt, "read what the audit tells of");
    Ok(AuditEvent {
        id: id.into(),
        at: moment(at)?,
        what: Audited::parse(&what).ok_or(unknown)?,
        actor: actor.map(Into::into),
        subject: subject.map(Into::into),
        address: address.as_deref().map(parse_address).transpose()?,
        user_agent,
    })
}

fn parse_address(text: &str) -> PortResult<IpAddr> {
    text.parse()
        .map_err(|e| PortError::new(Fault::Corrupt, "read an address in the audit", e))
}
