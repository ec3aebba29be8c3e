//! The database schema, one set of migrations for SQLite and Postgres.
//!
//! Conventions of every table: times are whole milliseconds since the epoch (UTC) in a `bigint`,
//! days are `date`, ids are `uuid`, JSON is `text` as it was written. A migration first expands
//! (new columns may be null or have a default) and a later one contracts; an applied one is never
//! edited.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait's methods leave this lifetime out, and an implementation must do the same"
)]

use sea_orm_migration::prelude::*;

mod m0001_users_and_ledger;
mod m0002_sessions;
mod m0003_projections;
mod m0004_answers;
mod m0005_accounts;
mod m0006_erasures;
mod m0007_voice;
mod m0008_claims;
mod m0009_password_setter;
mod m0010_charges;
mod m0011_jobs;
mod m0014_segments;
mod m0015_job_traces;
mod m0017_processes;
mod shorthand;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_users_and_ledger::Migration),
            Box::new(m0002_sessions::Migration),
            Box::new(m0003_projections::Migration),
            Box::new(m0004_answers::Migration),
            Box::new(m0005_accounts::Migration),
            Box::new(m0006_erasures::Migration),
            Box::new(m0007_voice::Migration),
            Box::new(m0008_claims::Migration),
            Box::new(m0010_charges::Migration),
            Box::new(m0011_jobs::Migration),
            Box::new(m0009_password_setter::Migration),
            Box::new(m0014_segments::Migration),
            Box::new(m0015_job_traces::Migration),
            Box::new(m0017_processes::Migration),
        ]
    }
}
