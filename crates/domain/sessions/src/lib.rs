//! Sessions, learning events, bookmarks and help counts: what a student does, as it is kept.
//!
//! [`Sessions`] and [`Bookmarks`] are the facades. Every change goes to its store together with
//! the ledger entry that tells of it.

mod bookmark;
mod bookmarks;
mod entries;
mod event;
mod help;
mod making;
mod ports;
mod profile;
mod session;
mod sessions;

pub use bookmark::{Bookmark, InvalidNote, Note};
pub use bookmarks::{BookmarkError, Bookmarks};
pub use event::{ContentAnalysis, LearningEvent, NewLearningEvent};
pub use help::{HelpError, HelpRequest};
pub use ports::{
    BookmarkStore, Ending, EventEntries, EventStore, HelpStore, ProfileStore, SessionStore, Stored,
};
pub use profile::{Profile, ProfileChange, ProfileError, Profiles};
pub use session::{Session, SessionState};
pub use sessions::{EndedSession, SessionError, SessionPorts, Sessions};
