//! Accepting an analysis for later.

use std::sync::Arc;

use jobs::{Job, JobState, JobStore, Kind, NewJob, Owner};
use kernel::{JobId, PortResult, UserId};
use ledger::Attempt;
use objects::ObjectKey;
use sessions::SessionError;

use super::KIND;
use super::task::{AnalyzeResult, AnalyzeTask, read, written};
use crate::capture::captured_at;
use crate::error::AnalyzeError;
use crate::parts::Parts;
use crate::vision::{AnalyzeRequest, Analyzed, Image, Vision};

/// The part of a request's work that the job's id is. The job has parts of its own.
const JOB: u8 = 128;

/// Accepts images whose analysis is made in a job, and tells what came of it.
#[derive(Clone)]
pub struct LaterAnalyses {
    vision: Vision,
    jobs: Arc<dyn JobStore>,
}

impl LaterAnalyses {
    /// The facade over upload path and jobs.
    pub const fn new(vision: Vision, jobs: Arc<dyn JobStore>) -> Self {
        Self { vision, jobs }
    }

    /// Checks the session, stores the image, then the job. The same attempt again gives the same
    /// job.
    pub async fn accept(&self, request: AnalyzeRequest) -> Result<JobId, AnalyzeError> {
        let now = self.vision.ports.clock.now();
        if let Some(id) = self.accepted_before(&request).await? {
            return Ok(id);
        }
        let parts = Parts::of(request.attempt);
        let session = self.vision.session(&request, &parts).await?;
        self.vision.admit(request.user).await?;
        let taken_at = captured_at(request.captured_at, now);
        let (key, uploaded) = self
            .stored(request.user, request.image, request.attempt)
            .await?;
        let task = AnalyzeTask {
            s3_key: key.to_string(),
            uploaded,
            session_id: request.session,
            captured_at: taken_at,
            accepted_at: now,
        };
        let owner = Owner {
            user: request.user,
            zone: session.zone,
        };
        let id = id_of(request.attempt);
        let id = id.unwrap_or_else(|| self.vision.ports.ids.next(now).into());
        let job = NewJob::now(id, Kind::new(KIND), written(&task), now).owned_by(owner);
        let enqueued = self.jobs.enqueue(&job).await;
        Ok(enqueued.map_err(SessionError::from)?.id())
    }

    /// A job of this user, of whatever kind.
    pub async fn find(&self, user: UserId, id: JobId) -> PortResult<Option<Job>> {
        self.jobs.find(user, id).await
    }

    /// What came of a job of this user: the same as the synchronous call answers, with a fresh
    /// link. `None` while it is not done, and for other kinds.
    pub async fn result(&self, user: UserId, job: &Job) -> Result<Option<Analyzed>, AnalyzeError> {
        let JobState::Done { result, .. } = &job.state else {
            return Ok(None);
        };
        if job.kind.as_str() != KIND {
            return Ok(None);
        }
        match read::<AnalyzeResult>(result) {
            Some(result) => self.vision.written_before(user, result.analysis_id).await,
            None => Ok(None),
        }
    }

    async fn accepted_before(
        &self,
        request: &AnalyzeRequest,
    ) -> Result<Option<JobId>, AnalyzeError> {
        let again = request.attempt.filter(|attempt| attempt.again);
        let Some(id) = id_of(again) else {
            return Ok(None);
        };
        let found = self.jobs.find(request.user, id).await;
        let found = found.map_err(SessionError::from)?;
        Ok(found.map(|job| job.id))
    }

    /// Where the image is kept, and whether it came with the request.
    async fn stored(
        &self,
        user: UserId,
        image: Image,
        attempt: Option<Attempt>,
    ) -> Result<(ObjectKey, bool), AnalyzeError> {
        match image {
            Image::File(file) => {
                let stored = self.vision.store(user, file, attempt).await?;
                Ok((stored.key, true))
            }
            Image::Stored(key) => {
                self.require_stored(user, &key).await?;
                Ok((key, false))
            }
        }
    }

    async fn require_stored(&self, user: UserId, key: &ObjectKey) -> Result<(), AnalyzeError> {
        if key.owner() != Some(user) {
            return Err(AnalyzeError::ObjectNotFound);
        }
        let ports = &self.vision.ports;
        let waiting = ports.spool.read(key).await;
        if waiting.map_err(AnalyzeError::Storage)?.is_some() {
            return Ok(());
        }
        let stored = ports.objects.head(key).await;
        let stored = stored.map_err(AnalyzeError::Storage)?;
        stored.map(drop).ok_or(AnalyzeError::ObjectNotFound)
    }
}

fn id_of(attempt: Option<Attempt>) -> Option<JobId> {
    attempt.map(|attempt| attempt.work.part(JOB).into())
}
