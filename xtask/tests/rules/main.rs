//! The rules of this repository. What fails here names the file and what to do.
#![expect(
    clippy::unwrap_used,
    reason = "a rule that cannot read the repository has failed"
)]

mod commands;
mod dependencies;
mod documents;
mod metrics;
mod packages;
mod purity;
mod repository;
mod routes;
mod sources;
