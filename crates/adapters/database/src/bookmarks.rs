//! Keeps bookmarks.

use async_trait::async_trait;
use kernel::{BookmarkId, Cursor, Page, PageRequest, PortError, PortResult, SessionId, UserId};
use ledger::Entry;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sessions::{Bookmark, BookmarkStore, Note, Stored};

use crate::Database;
use crate::convert::{moment, optional_text};
use crate::error::{retrying, within};
use crate::page::overfull;
use crate::tables::bookmarks::{ActiveModel, Column, Entity, Model};
use crate::user_tx::{UserTx, foreign, once};

#[async_trait]
impl BookmarkStore for Database {
    async fn add(&self, bookmark: &Bookmark, entry: &Entry) -> PortResult<Stored> {
        retrying(|| add(self, bookmark, entry)).await
    }

    async fn find(&self, user: UserId, id: BookmarkId) -> PortResult<Option<Bookmark>> {
        find(self.reader(), user, id).await
    }

    async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<Bookmark>> {
        let mut rows = Entity::find().filter(Column::UserId.eq(user.uuid()));
        if let Some(session) = session {
            rows = rows.filter(Column::SessionId.eq(session.uuid()));
        }
        let rows = overfull(rows, Column::CreatedAt, Column::Id, page).all(self.reader());
        let rows = within("list bookmarks", rows).await?;
        let bookmarks: PortResult<Vec<Bookmark>> =
            rows.into_iter().map(Bookmark::try_from).collect();
        Ok(Page::from_overfull(bookmarks?, page.limit(), |bookmark| {
            Cursor {
                at: bookmark.created_at,
                id: bookmark.id.uuid(),
            }
        }))
    }

    async fn edit(&self, bookmark: &Bookmark, entry: &Entry) -> PortResult<bool> {
        retrying(|| edit(self, bookmark, entry)).await
    }

    async fn remove(&self, user: UserId, id: BookmarkId, entry: &Entry) -> PortResult<bool> {
        retrying(|| remove(self, user, id, entry)).await
    }
}

async fn add(database: &Database, bookmark: &Bookmark, entry: &Entry) -> PortResult<Stored> {
    let mut tx = UserTx::begin(database, bookmark.user).await?;
    let event = crate::events::find(tx.tx(), bookmark.user, bookmark.event).await?;
    if event.is_none_or(|event| event.session != bookmark.session) {
        return Err(foreign("insert bookmark: the user has no such event"));
    }
    let insert = Entity::insert(row(bookmark)?)
        .on_conflict(once(Column::Id))
        .exec_without_returning(tx.tx());
    if within("insert bookmark", insert).await? == 0 {
        let ours = find(tx.tx(), bookmark.user, bookmark.id).await?;
        return ours
            .map(|_| Stored::Already)
            .ok_or(foreign("insert bookmark: another user has this id"));
    }
    let stored = tx.append(entry).await?;
    if stored == Stored::New {
        tx.commit().await?;
    }
    Ok(stored)
}

/// An entry that is there already has told of this edit: the bookmark stays as it is.
async fn edit(database: &Database, bookmark: &Bookmark, entry: &Entry) -> PortResult<bool> {
    let mut tx = UserTx::begin(database, bookmark.user).await?;
    if tx.append(entry).await? == Stored::Already {
        let found = find(tx.tx(), bookmark.user, bookmark.id).await?;
        return Ok(found.is_some());
    }
    let note = optional_text(bookmark.note.as_ref().map(Note::as_str))?;
    let update = Entity::update_many()
        .col_expr(Column::Note, Expr::value(note))
        .col_expr(
            Column::UpdatedAt,
            Expr::value(bookmark.updated_at.timestamp_millis()),
        )
        .filter(Column::Id.eq(bookmark.id.uuid()))
        .filter(Column::UserId.eq(bookmark.user.uuid()))
        .exec(tx.tx());
    let found = within("edit bookmark", update).await?.rows_affected == 1;
    if found {
        tx.commit().await?;
    }
    Ok(found)
}

/// An entry that is there already has told of this removal.
async fn remove(
    database: &Database,
    user: UserId,
    id: BookmarkId,
    entry: &Entry,
) -> PortResult<bool> {
    let mut tx = UserTx::begin(database, user).await?;
    let delete = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .exec(tx.tx());
    let found = within("remove bookmark", delete).await?.rows_affected == 1;
    if !found {
        return Ok(tx.append(entry).await? == Stored::Already);
    }
    tx.append_new(entry).await?;
    tx.commit().await?;
    Ok(true)
}

async fn find(
    from: &impl ConnectionTrait,
    user: UserId,
    id: BookmarkId,
) -> PortResult<Option<Bookmark>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::UserId.eq(user.uuid()))
        .one(from);
    let row = within("find bookmark", row).await?;
    row.map(Bookmark::try_from).transpose()
}

/// A bookmark as a row.
pub(crate) fn row(bookmark: &Bookmark) -> PortResult<ActiveModel> {
    let Bookmark {
        id,
        user,
        event,
        session,
        note,
        created_at,
        updated_at,
    } = bookmark;
    Ok(ActiveModel {
        id: Set(id.uuid()),
        user_id: Set(user.uuid()),
        event_id: Set(event.uuid()),
        session_id: Set(session.uuid()),
        note: Set(optional_text(note.as_ref().map(Note::as_str))?),
        created_at: Set(created_at.timestamp_millis()),
        updated_at: Set(updated_at.timestamp_millis()),
    })
}

impl TryFrom<Model> for Bookmark {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let Model {
            id,
            user_id,
            event_id,
            session_id,
            note,
            created_at,
            updated_at,
        } = row;
        Ok(Self {
            id: id.into(),
            user: user_id.into(),
            event: event_id.into(),
            session: session_id.into(),
            note: note.map(Note::stored),
            created_at: moment(created_at)?,
            updated_at: moment(updated_at)?,
        })
    }
}
