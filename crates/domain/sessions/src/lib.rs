//! Sessions, learning events, bookmarks and help counts.
