//! Bookmarks.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sessions::Bookmark;
use utoipa::ToSchema;
use uuid::Uuid;

/// A learning event to find again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BookmarkView {
    bookmark_id: Uuid,
    /// What it marks.
    analysis_id: Uuid,
    /// The session of that analysis.
    session_id: Uuid,
    /// The student's words.
    #[schema(required = true)]
    note: Option<String>,
    created_at: DateTime<Utc>,
    /// When the note last changed.
    updated_at: DateTime<Utc>,
}

impl From<Bookmark> for BookmarkView {
    fn from(bookmark: Bookmark) -> Self {
        let Bookmark {
            id,
            user: _,
            event,
            session,
            note,
            created_at,
            updated_at,
        } = bookmark;
        Self {
            bookmark_id: id.uuid(),
            analysis_id: event.uuid(),
            session_id: session.uuid(),
            note: note.map(|note| note.as_str().to_owned()),
            created_at,
            updated_at,
        }
    }
}
