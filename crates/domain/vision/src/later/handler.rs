//! What a worker does.

use async_trait::async_trait;
use jobs::{Failure, Handler, Job, Kind, Percent, Reason, Reporter};
use ledger::Attempt;
use serde_json::Value;

use super::KIND;
use super::failure::{failure, unconfirmed};
use super::task::{AnalyzeResult, AnalyzeTask, read, written};
use crate::vision::{AnalyzeRequest, Image, Vision};

/// The image is found and shown to a model.
const BEGUN: u8 = 10;

/// Analyzes the images of jobs.
pub struct AnalyzeHandler(Vision);

impl AnalyzeHandler {
    /// By the same way as requests.
    pub const fn new(vision: Vision) -> Self {
        Self(vision)
    }
}

#[async_trait]
impl Handler for AnalyzeHandler {
    fn kind(&self) -> Kind {
        Kind::new(KIND)
    }

    async fn run(&self, job: &Job, reporter: &Reporter) -> Result<Value, Failure> {
        let (request, uploaded) = request(job).ok_or_else(unreadable)?;
        reporter.report(Percent::new(BEGUN)).await;
        let analyzed = self.0.analyze(request).await;
        let analyzed = analyzed.map_err(|error| failure(&error, uploaded))?;
        let analysis_id = analyzed.event.ok_or_else(unconfirmed)?;
        Ok(written(&AnalyzeResult { analysis_id }))
    }
}

/// Any attempt may follow one that was cut off after it had written the event.
fn request(job: &Job) -> Option<(AnalyzeRequest, bool)> {
    let task: AnalyzeTask = read(&job.payload)?;
    let request = AnalyzeRequest {
        user: job.owner?.user,
        session: task.session_id,
        image: Image::Stored(task.key()?),
        captured_at: Some(task.captured_at),
        accepted_at: Some(task.accepted_at),
        attempt: Some(Attempt {
            work: job.work(),
            again: true,
        }),
    };
    Some((request, task.uploaded))
}

fn unreadable() -> Failure {
    let message = "the payload is not of a shape this build knows";
    Failure::lasting(Reason::new(Reason::UNREADABLE, message))
}
