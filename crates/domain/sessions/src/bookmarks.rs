//! Bookmarks as a facade.

use std::sync::Arc;

use kernel::{
    BookmarkId, Clock, Ids, LearningEventId, Page, PageRequest, PortError, PortResult, SessionId,
    UserId,
};
use ledger::{Attempt, BookmarkAdded, BookmarkEdited, BookmarkRemoved, Change, Entry};

use crate::entries;
use crate::making::{Making, Part};
use crate::ports::{BookmarkStore, EventStore, Stored};
use crate::profile::Profiles;
use crate::{Bookmark, Note};

/// Makes, changes and reads bookmarks.
#[derive(Clone)]
pub struct Bookmarks {
    store: Arc<dyn BookmarkStore>,
    events: Arc<dyn EventStore>,
    profiles: Profiles,
    clock: Arc<dyn Clock>,
    making: Making,
}

/// Why a bookmark could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum BookmarkError {
    /// The user has no such learning event.
    #[error("no such analysis")]
    EventNotFound,
    /// The user has no such bookmark.
    #[error("no such bookmark")]
    NotFound,
    /// A port failed.
    #[error("the bookmark could not be read or stored")]
    Port(#[from] PortError),
}

impl Bookmarks {
    /// The facade over its ports.
    pub fn new(
        store: Arc<dyn BookmarkStore>,
        events: Arc<dyn EventStore>,
        profiles: Profiles,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            store,
            events,
            profiles,
            clock,
            making: Making::new(ids),
        }
    }

    /// The same for one attempt at a request that may come again: what an attempt before has written
    /// is found and not written twice.
    #[must_use]
    pub fn attempting(&self, attempt: Option<Attempt>) -> Self {
        Self {
            making: self.making.clone().attempting(attempt),
            ..self.clone()
        }
    }

    /// Bookmarks a learning event of this user.
    pub async fn add(
        &self,
        user: UserId,
        event: LearningEventId,
        note: Option<Note>,
    ) -> Result<Bookmark, BookmarkError> {
        let event = self
            .events
            .find(user, event)
            .await?
            .ok_or(BookmarkError::EventNotFound)?;
        let now = self.clock.now();
        let id: BookmarkId = self.making.id(Part::Thing, now).into();
        let text = note.as_ref().map(|note| note.as_str().to_owned());
        let change = BookmarkAdded {
            bookmark_id: id,
            learning_event_id: event.id,
            note: text,
        };
        let entry = self.entry(user, Change::BookmarkAdded(change)).await?;
        let session = event.session;
        let bookmark = Bookmark {
            id,
            user,
            event: event.id,
            session,
            note,
            created_at: now,
            updated_at: now,
        };
        match self.store.add(&bookmark, &entry).await? {
            Stored::New => Ok(bookmark),
            Stored::Already => self.find(user, id).await,
        }
    }

    /// The user's bookmarks, newest first, of one session where given.
    pub async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<Bookmark>> {
        self.store.list(user, session, page).await
    }

    /// Replaces the note.
    pub async fn edit(
        &self,
        user: UserId,
        id: BookmarkId,
        note: Option<Note>,
    ) -> Result<Bookmark, BookmarkError> {
        let bookmark = self.find(user, id).await?;
        let text = note.as_ref().map(|note| note.as_str().to_owned());
        let change = BookmarkEdited {
            bookmark_id: id,
            note: text,
        };
        let entry = self.entry(user, Change::BookmarkEdited(change)).await?;
        let edited = Bookmark {
            note,
            updated_at: entry.server_time,
            ..bookmark
        };
        match self.store.edit(&edited, &entry).await? {
            false => Err(BookmarkError::NotFound),
            true if self.making.is_repeated() => self.find(user, id).await,
            true => Ok(edited),
        }
    }

    /// Removes a bookmark.
    pub async fn remove(&self, user: UserId, id: BookmarkId) -> Result<(), BookmarkError> {
        let change = Change::BookmarkRemoved(BookmarkRemoved { bookmark_id: id });
        let entry = self.entry(user, change).await?;
        let found = self.store.remove(user, id, &entry).await?;
        if found {
            Ok(())
        } else {
            Err(BookmarkError::NotFound)
        }
    }

    async fn find(&self, user: UserId, id: BookmarkId) -> Result<Bookmark, BookmarkError> {
        let found = self.store.find(user, id).await?;
        found.ok_or(BookmarkError::NotFound)
    }

    async fn entry(&self, user: UserId, change: Change) -> PortResult<Entry> {
        let now = self.clock.now();
        let zone = self.profiles.get(user).await?.zone;
        Ok(entries::by_user(
            self.making.id(Part::Entry, now).into(),
            user,
            now,
            zone,
            change,
        ))
    }
}
