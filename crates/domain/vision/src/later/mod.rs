//! Analyses that are accepted now and made in a job.
//!
//! `accept` stores the image and the job, `handler` is what a worker does, `failure` says why a job
//! failed in words that the synchronous call has too, `task` is what is stored of it.

mod accept;
mod failure;
mod handler;
mod task;

pub use accept::LaterAnalyses;
pub use failure::AnalyzeFailure;
pub use handler::AnalyzeHandler;

/// The kind of these jobs.
const KIND: &str = "analyze";
