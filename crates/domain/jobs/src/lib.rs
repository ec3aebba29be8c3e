//! Durable jobs: work that is accepted now and carried out later, by any worker.
//!
//! A [`NewJob`] is stored before its acceptance is told. A [`Worker`] claims what is due under a
//! lease and renews it while it works; when a worker dies the lease runs out and another one takes
//! the job over. So a job may be begun more than once, and its effect must not depend on how often:
//! a [`Handler`] derives every id it writes from [`Job::work`]. What a worker reports after it has
//! lost its lease does not count ([`Settled::Lost`]).
//!
//! A failure is tried again by the rule of its kind ([`Retries`]); what is used up or can never
//! succeed is kept as failed with its [`Reason`], for people to look at.
//!
//! A new kind of job is one file with a [`Handler`], and one line where [`Handlers`] are joined.

mod entries;
mod handler;
mod job;
mod ports;
mod retry;
mod worker;

pub use handler::{Handler, Handlers, Reporter};
pub use job::{Job, JobState, Kind, NewJob, Owner, Percent, Reason};
pub use ports::{
    Ask, Bell, Claimed, Depth, Enqueued, JobQueue, JobStore, JobYard, Lease, Settled, Settlement,
    Verdict,
};
pub use retry::{Again, Failure, Retries};
pub use worker::{Stop, Worker, WorkerPorts, WorkerRules};
