//! A learning event to find again.

use kernel::{BookmarkId, LearningEventId, SessionId, Timestamp, UserId};

/// The student's words on a bookmark: 1 to 2,000 characters, not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(String);

/// The note is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a note holds at most {} characters and no NUL", Note::MAX_CHARS)]
pub struct InvalidNote;

impl Note {
    /// The most characters a note can hold.
    pub const MAX_CHARS: usize = 2_000;

    /// The trimmed text as a note; `None` for blank text.
    ///
    /// # Errors
    /// [`InvalidNote`] when it is too long, or holds a NUL, which no database keeps.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidNote> {
        let text = text.trim();
        if text.chars().count() > Self::MAX_CHARS || text.contains('\0') {
            return Err(InvalidNote);
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// A note read back from storage, taken as it is.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A bookmark as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookmark {
    /// Its id.
    pub id: BookmarkId,
    /// Whose it is.
    pub user: UserId,
    /// What it marks.
    pub event: LearningEventId,
    /// The session of that event.
    pub session: SessionId,
    /// The student's words.
    pub note: Option<Note>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the note last changed.
    pub updated_at: Timestamp,
}
