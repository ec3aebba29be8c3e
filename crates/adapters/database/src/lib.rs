//! The stored ports on SQLite and Postgres.
//!
//! [`Database`] implements every stored port; there is one file per port. Rules that hold here:
//!
//! - Nothing of the ORM leaves: rows (`tables`) become domain values in the file of their port.
//! - Every write of what a user studies begins by locking the head of that user's log (`user_tx`), so the
//!   writes of one user happen one after the other, the log has no holes, and a check made inside
//!   the transaction still holds when it commits.
//! - What happens to an account locks in one order: account, family, head of the blacklist. The
//!   log's head is not among them.
//! - Every query names the user whose rows it may see. The exceptions serve jobs (idle sessions,
//!   conversations whose process died, users whose projection is behind, what is old), erasures,
//!   and accounts, which are looked up by what somebody presents, or listed for admins.
//!   `census` counts rows of all.
//! - What holds something of users is declared in `personal`; export and erasure read it there. A
//!   table or column that is not declared fails a test. Whatever makes a user known asks `mark`
//!   whether that user was erased.
//! - SQLite has one connection that writes and several that read; Postgres has one pool.

mod account_rows;
mod accounts;
mod answers;
mod audit;
mod bookmarks;
mod bulk;
mod census;
mod charge_sums;
mod charges;
mod connect;
mod convert;
mod database;
mod erasures;
mod error;
mod events;
mod examine;
mod families;
mod family_rows;
mod help;
mod jobs;
mod leases;
mod ledger;
mod mailed_tokens;
mod mark;
mod page;
mod past;
mod personal;
mod private_file;
mod processes;
mod profiles;
mod projection;
mod projection_tx;
mod revocations;
mod segments;
mod sessions;
mod signals;
mod stats;
mod switchboard;
mod tables;
mod tokens;
mod user_tx;
mod voice;
mod voice_rows;
mod whole;

pub use connect::Options;
pub use database::Database;
pub use examine::{Examined, sqlite_file};
pub use past::Past;
