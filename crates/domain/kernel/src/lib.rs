//! What every room shares, and nothing else: typed ids, time, pages, port errors and owned tasks.
//!
//! Pure: time, ids and background work come in through the traits defined here.

mod error;
mod id;
mod page;
mod tasks;
mod time;
mod work;

pub use error::{Fault, PortError, PortResult};
pub use id::{
    AuditId, BookmarkId, ChargeId, EntryId, FamilyId, HelpRequestId, Ids, JobId, LearningEventId,
    RandomBits, SegmentId, SessionId, TokenId, UserId, VoiceSessionId,
};
pub use page::{Cursor, InvalidCursor, Page, PageRequest};
pub use tasks::{Task, Tasks, Timer};
pub use time::{Clock, Date, InvalidZone, Timestamp, Zone, local_date, parse_zone, to_millis};
pub use work::WorkId;
