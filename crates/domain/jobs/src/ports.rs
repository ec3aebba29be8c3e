//! Where jobs are kept.

use async_trait::async_trait;
use kernel::{JobId, Page, PageRequest, PortResult, Timestamp, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::job::{Job, Kind, NewJob, Owner, Percent, Reason};

/// What became of a job that was to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits for a worker.
    New(JobId),
    /// It was accepted before, or this other one with the same key is unfinished.
    Already(JobId),
}

impl Enqueued {
    /// The job that does what was asked for.
    pub const fn id(self) -> JobId {
        match self {
            Self::New(id) | Self::Already(id) => id,
        }
    }
}

/// Accepts and shows jobs.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Accepts the job, and appends that to its owner's log, in one transaction. It is durable when
    /// this returns.
    ///
    /// # Errors
    /// `Gone` when the owner was erased.
    async fn enqueue(&self, job: &NewJob) -> PortResult<Enqueued>;

    /// The job, if it is this user's.
    async fn find(&self, user: UserId, id: JobId) -> PortResult<Option<Job>>;

    /// Failed jobs of all users, the one accepted last first.
    async fn failed(&self, page: PageRequest) -> PortResult<Page<Job>>;

    /// Makes a failed job wait again, as if it had never been begun; `false` if it is not there or
    /// has not failed, or another one with its key is unfinished.
    async fn revive(&self, id: JobId, now: Timestamp) -> PortResult<bool>;
}

/// One attempt at a job, as one worker holds it. Each attempt is another lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// The worker.
    pub holder: Uuid,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// A job and the right to work on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// The right.
    pub lease: Lease,
}

/// What a worker asks for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The worker.
    pub holder: Uuid,
    /// What it can do; other kinds are left to other workers.
    pub kinds: &'a [Kind],
    /// At most so many.
    pub limit: u16,
    /// Now.
    pub now: Timestamp,
    /// When the leases run out unless they are renewed.
    pub until: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The job is done; this came of it.
    Done(Value),
    /// It is to be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// It will not be tried again.
    Failed(Reason),
}

/// The end of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// The attempt.
    pub lease: Lease,
    /// The job's kind.
    pub kind: Kind,
    /// Whose log tells of a job that ends.
    pub owner: Option<Owner>,
    /// How it ended.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
}

impl Claimed {
    /// The end of this attempt.
    pub fn settlement(&self, verdict: Verdict, at: Timestamp) -> Settlement {
        Settlement {
            lease: self.lease,
            kind: self.job.kind.clone(),
            owner: self.job.owner,
            verdict,
            at,
        }
    }
}

/// Whether the end of an attempt counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It counts.
    Counted,
    /// The lease had run out and the job went to somebody else, or it is gone. Nothing has changed.
    Lost,
}

/// Gives jobs to workers. The clocks of all workers are those of the servers: kept together.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Up to `limit` due jobs, longest due first: those that wait and those whose lease has run
    /// out. No two askers get the same job, and none waits for another.
    async fn claim(&self, ask: &Ask<'_>) -> PortResult<Vec<Claimed>>;

    /// Leases that still hold run until then.
    async fn renew(&self, leases: &[Lease], until: Timestamp) -> PortResult<()>;

    /// Notes how far the attempt has come; without effect when the lease is lost.
    async fn report(&self, lease: Lease, progress: Percent) -> PortResult<()>;

    /// Ends the attempt; of a job that ends, appends that to its owner's log in the same
    /// transaction.
    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled>;

    /// Gives a job back that was not finished through no fault of its own; the attempt does not
    /// count.
    async fn release(&self, lease: Lease, now: Timestamp) -> PortResult<()>;

    /// Makes all jobs of this holder due at once; returns how many. Asked by a worker before it
    /// claims anything: they are those of its process that is gone.
    async fn abandon(&self, holder: Uuid, now: Timestamp) -> PortResult<u64>;
}

/// How many jobs of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The kind.
    pub kind: Kind,
    /// Not begun, or to be tried again.
    pub waiting: u64,
    /// With a worker.
    pub running: u64,
    /// Failed and kept.
    pub failed: u64,
    /// Since when the longest due job has been so, if any is due.
    pub due_since: Option<Timestamp>,
}

impl Depth {
    /// No jobs of this kind.
    pub const fn none(kind: Kind) -> Self {
        Self {
            kind,
            waiting: 0,
            running: 0,
            failed: 0,
            due_since: None,
        }
    }
}

/// Looks after the jobs as a whole.
#[async_trait]
pub trait JobYard: Send + Sync {
    /// How many jobs there are, by kind; done ones do not count.
    async fn depths(&self, now: Timestamp) -> PortResult<Vec<Depth>>;

    /// Removes jobs that ended before then; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}

/// Tells a worker that there may be something to do.
#[async_trait]
pub trait Bell: Send + Sync {
    /// Returns when a job was accepted since this was last asked. May return without cause, and
    /// may miss a job of another process: workers look by themselves too.
    async fn rung(&self);
}
