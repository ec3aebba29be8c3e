//! What must be stored. Each method that changes something is atomic with its ledger entry.

use async_trait::async_trait;
use kernel::{
    BookmarkId, Date, EntryId, LearningEventId, Page, PageRequest, PortResult, SessionId,
    Timestamp, UserId,
};
use ledger::Entry;

use crate::{
    Bookmark, HelpRequest, LearningEvent, NewLearningEvent, Profile, ProfileChange, Session,
};

/// Whether a write was the first of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is stored now.
    New,
    /// It was stored before; nothing has changed.
    Already,
}

/// What became of a session that was to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It has ended now.
    Now,
    /// It had ended before; nothing has changed.
    Before,
    /// Something happened in it after it was read, so it goes on; nothing has changed.
    GoesOn,
}

/// Keeps sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Stores a new session with its entry.
    async fn start(&self, session: &Session, entry: &Entry) -> PortResult<Stored>;

    /// The session, if it is this user's.
    async fn find(&self, user: UserId, id: SessionId) -> PortResult<Option<Session>>;

    /// The user's newest session that has not ended.
    async fn active(&self, user: UserId) -> PortResult<Option<Session>>;

    /// The user's sessions, newest first, of one day where given.
    async fn list(
        &self,
        user: UserId,
        date: Option<Date>,
        page: PageRequest,
    ) -> PortResult<Page<Session>>;

    /// Stores that the session ended, with its entry. Where the entry's actor is
    /// [`ledger::Actor::System`] the session ends only while its stored last activity is that of
    /// `ended`: nobody asked for the end, so what happens meanwhile goes first.
    async fn end(&self, ended: &Session, entry: &Entry) -> PortResult<Ending>;

    /// Up to `limit` active sessions whose last activity lies before `before`, oldest first.
    async fn idle(&self, before: Timestamp, limit: u16) -> PortResult<Vec<Session>>;
}

/// Keeps learning events.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Stores the event with its ledger entry, and its session with its entry if that is not
    /// stored yet; moves the session's last activity on to the
    /// later of capture and receipt. All in one transaction. An event with
    /// this id stored before: `Already`, and nothing has changed.
    async fn record(&self, new: &NewLearningEvent, entries: &EventEntries) -> PortResult<Stored>;

    /// The event, if it is this user's.
    async fn find(&self, user: UserId, id: LearningEventId) -> PortResult<Option<LearningEvent>>;

    /// The events of a session of this user, newest capture first.
    async fn list(
        &self,
        user: UserId,
        session: SessionId,
        page: PageRequest,
    ) -> PortResult<Page<LearningEvent>>;

    /// How many events a session of this user has.
    async fn count(&self, user: UserId, session: SessionId) -> PortResult<u64>;
}

/// The ledger entries that go with a new learning event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventEntries {
    /// Tells of the session's start; appended only if the session is created.
    pub session: Entry,
    /// Tells of the event.
    pub event: Entry,
}

/// Keeps bookmarks.
#[async_trait]
pub trait BookmarkStore: Send + Sync {
    /// Stores a new bookmark with its entry. Where that entry is there already, `Already`, and
    /// nothing has changed, whatever has become of the bookmark.
    async fn add(&self, bookmark: &Bookmark, entry: &Entry) -> PortResult<Stored>;

    /// The bookmark, if it is this user's.
    async fn find(&self, user: UserId, id: BookmarkId) -> PortResult<Option<Bookmark>>;

    /// The user's bookmarks, newest first, of one session where given.
    async fn list(
        &self,
        user: UserId,
        session: Option<SessionId>,
        page: PageRequest,
    ) -> PortResult<Page<Bookmark>>;

    /// Replaces note and time of change, with its entry; `false` if it is gone. Where that entry is
    /// there already nothing changes.
    async fn edit(&self, bookmark: &Bookmark, entry: &Entry) -> PortResult<bool>;

    /// Removes the bookmark, with its entry; `false` if it was gone, unless that entry has told of
    /// it.
    async fn remove(&self, user: UserId, id: BookmarkId, entry: &Entry) -> PortResult<bool>;
}

/// Keeps requests for help.
#[async_trait]
pub trait HelpStore: Send + Sync {
    /// Appends the entry; the count is derived from the log.
    async fn add(&self, request: &HelpRequest, entry: &Entry) -> PortResult<Stored>;

    /// The request for help that this entry of the user tells of.
    async fn counted(&self, user: UserId, entry: EntryId) -> PortResult<Option<HelpRequest>>;
}

/// Keeps profiles.
#[async_trait]
pub trait ProfileStore: Send + Sync {
    /// The stored profile.
    async fn find(&self, user: UserId) -> PortResult<Option<Profile>>;

    /// Changes what is given and appends the entry, in one transaction; gives the profile as it is
    /// then. Two changes at once both take effect, one after the other. Where that entry is there
    /// already nothing changes.
    async fn change(&self, change: &ProfileChange, entry: &Entry) -> PortResult<Profile>;
}
