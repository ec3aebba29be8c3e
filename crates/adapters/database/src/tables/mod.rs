//! The rows as the ORM sees them, one file per table. The schema itself is in `migrations`.
#![expect(
    unreachable_pub,
    reason = "the derive makes public items, which must not name narrower ones"
)]

pub(crate) mod accounts;
pub(crate) mod answers;
pub(crate) mod audit;
pub(crate) mod bookmarks;
pub(crate) mod charges;
pub(crate) mod erasures;
pub(crate) mod help_counts;
pub(crate) mod jobs;
pub(crate) mod learning_events;
pub(crate) mod ledger_entries;
pub(crate) mod ledger_heads;
pub(crate) mod mailed_tokens;
pub(crate) mod object_leases;
pub(crate) mod processes;
pub(crate) mod projections;
pub(crate) mod refresh_families;
pub(crate) mod refresh_tokens;
pub(crate) mod revocation_head;
pub(crate) mod revocations;
pub(crate) mod segments;
pub(crate) mod session_timelines;
pub(crate) mod sessions;
pub(crate) mod topic_stats;
pub(crate) mod user_topics;
pub(crate) mod users;
pub(crate) mod voice_sessions;
pub(crate) mod voice_turns;
