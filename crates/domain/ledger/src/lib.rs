//! The append-only log of accepted changes, one log per user.
//!
//! Every accepted change appends one [`Entry`] to its user's log in the same transaction as the
//! change itself. The store numbers the entries of one user 1, 2, 3 … under that user's lock, so
//! the number follows commit order and has no holes: a reader that goes on "after 7" cannot miss
//! an entry whose transaction was still open when 7 was read.
//!
//! Projections read a user's log after the [`Position`] they have reached, and store the position
//! with what they derived.

mod about;
mod answers;
mod change;
mod entry;
mod follow;
mod job;
mod port;
mod voice;

pub use answers::{Answer, AnswerKey, Answers, Attempt, Claim, Claimed};
pub use change::{
    BookmarkAdded, BookmarkEdited, BookmarkRemoved, Change, HelpCounted, LearningEventRecorded,
    ProfileChanged, SegmentStored, SessionEnded, SessionStarted, UnreadablePayload,
};
pub use entry::{Actor, Entry, Position, Recorded};
pub use follow::{FollowError, Follower};
pub use job::{JobAccepted, JobEnded};
pub use port::{Ledger, News, Ringing};
pub use voice::{VoiceEnded, VoiceStarted, VoiceTurn};
