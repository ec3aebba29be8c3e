//! The stored ports on SQLite and Postgres.
//!
//! [`Database`] implements every stored port; there is one file per port. Rules that hold here:
//!
//! - Nothing of the ORM leaves: rows (`tables`) become domain values in the file of their port.
//! - Every write of a user begins by locking the head of that user's log (`user_tx`), so the
//!   writes of one user happen one after the other, the log has no holes, and a check made inside
//!   the transaction still holds when it commits.
//! - Every query names the user whose rows it may see. The exceptions serve jobs: idle sessions,
//!   users whose projection is behind, old answers.
//! - SQLite has one connection that writes and several that read; Postgres has one pool.

mod answers;
mod bookmarks;
mod connect;
mod convert;
mod database;
mod error;
mod events;
mod help;
mod ledger;
mod page;
mod profiles;
mod projection;
mod projection_tx;
mod sessions;
mod stats;
mod tables;
mod user_tx;

pub use connect::Options;
pub use database::Database;
