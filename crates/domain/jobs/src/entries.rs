//! What the log of the job's owner tells of it.

use kernel::{EntryId, JobId, Timestamp, WorkId};
use ledger::{Actor, Change, Entry, JobAccepted, JobEnded};

use crate::job::{NewJob, Owner};
use crate::ports::{Settlement, Verdict};

/// Numbers of parts of a job's work that its own entries have; handlers use those below 64.
const ACCEPTED: u8 = 64;
const ENDED: u8 = 65;

impl NewJob {
    /// That it was accepted, for its owner's log.
    pub fn entry(&self) -> Option<Entry> {
        let change = Change::JobAccepted(JobAccepted {
            job_id: self.id,
            kind: self.kind.as_str().to_owned(),
        });
        let owner = self.owner?;
        Some(entry(
            (self.id, ACCEPTED),
            owner,
            Actor::User,
            (self.accepted_at, change),
        ))
    }
}

impl Settlement {
    /// That the job ended, for its owner's log; nothing while it is to be tried again.
    pub fn entry(&self) -> Option<Entry> {
        let code = match &self.verdict {
            Verdict::Done(_) => None,
            Verdict::Failed(reason) => Some(reason.code.clone()),
            Verdict::Again { .. } => return None,
        };
        let change = Change::JobEnded(JobEnded {
            job_id: self.lease.job,
            kind: self.kind.as_str().to_owned(),
            failure: code,
        });
        Some(entry(
            (self.lease.job, ENDED),
            self.owner?,
            Actor::System,
            (self.at, change),
        ))
    }
}

fn entry(
    (job, part): (JobId, u8),
    owner: Owner,
    actor: Actor,
    (at, change): (Timestamp, Change),
) -> Entry {
    Entry {
        id: EntryId::from(WorkId::new(job.uuid()).part(part)),
        user: owner.user,
        actor,
        device_time: None,
        server_time: at,
        zone: owner.zone,
        change,
    }
}
