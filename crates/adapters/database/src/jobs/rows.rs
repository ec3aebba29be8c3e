//! Jobs as rows.

use jobs::{Job, JobState, Kind, NewJob, Owner, Percent, Reason};
use kernel::{Fault, PortError, PortResult};
use sea_orm::ActiveValue::Set;
use serde_json::Value;

use crate::convert::{moment, zone};
use crate::tables::jobs::{ActiveModel, Model};

/// The stored states.
pub(super) const WAITING: &str = "waiting";
pub(super) const RUNNING: &str = "running";
pub(super) const DONE: &str = "done";
pub(super) const FAILED: &str = "failed";

/// A job that waits to be begun for the first time.
pub(super) fn row(job: &NewJob) -> ActiveModel {
    let NewJob {
        id,
        kind,
        owner,
        unique_key,
        payload,
        accepted_at,
        due_at,
    } = job;
    ActiveModel {
        id: Set(id.uuid()),
        user_id: Set(owner.map(|owner| owner.user.uuid())),
        zone: Set(owner.map(|owner| owner.zone.name().to_owned())),
        kind: Set(kind.as_str().to_owned()),
        unique_key: Set(unique_key.clone()),
        state: Set(WAITING.to_owned()),
        payload: Set(payload.to_string()),
        progress: Set(0),
        attempts: Set(0),
        accepted_at: Set(accepted_at.timestamp_millis()),
        due_at: Set(due_at.timestamp_millis()),
        holder: Set(None),
        result: Set(None),
        reason: Set(None),
        ended_at: Set(None),
        trace: Set(trace_context::current().map(|trace| trace.as_str().to_owned())),
    }
}

/// The job of a row.
pub(super) fn job(row: Model) -> PortResult<Job> {
    let state = state(&row)?;
    let owner = owner(&row)?;
    let Model {
        id,
        kind,
        payload,
        progress,
        attempts,
        accepted_at,
        trace,
        ..
    } = row;
    Ok(Job {
        id: id.into(),
        kind: Kind::new(kind),
        owner,
        payload: value(&payload)?,
        accepted_at: moment(accepted_at)?,
        attempts: u32::try_from(attempts).map_err(|_| corrupt())?,
        progress: Percent::new(u8::try_from(progress).map_err(|_| corrupt())?),
        state,
        trace,
    })
}

/// For whom the job of a row is.
fn owner(row: &Model) -> PortResult<Option<Owner>> {
    let (Some(user), Some(name)) = (row.user_id, row.zone.as_deref()) else {
        return Ok(None);
    };
    let (user, zone) = (user.into(), zone(name)?);
    Ok(Some(Owner { user, zone }))
}

/// A reason as it is stored.
pub(super) fn stored_reason(reason: &Reason) -> PortResult<String> {
    serde_json::to_string(reason)
        .map_err(|e| PortError::new(Fault::Refused, "write why a job failed", e))
}

fn state(row: &Model) -> PortResult<JobState> {
    let at = || moment(row.ended_at.ok_or_else(corrupt)?);
    Ok(match row.state.as_str() {
        WAITING => JobState::Waiting {
            due_at: moment(row.due_at)?,
            last: row.reason.as_deref().map(reason).transpose()?,
        },
        RUNNING => JobState::Running,
        DONE => JobState::Done {
            result: value(row.result.as_deref().ok_or_else(corrupt)?)?,
            at: at()?,
        },
        FAILED => JobState::Failed {
            reason: reason(row.reason.as_deref().ok_or_else(corrupt)?)?,
            at: at()?,
        },
        _ => return Err(corrupt()),
    })
}

fn value(text: &str) -> PortResult<Value> {
    serde_json::from_str(text).map_err(|e| PortError::new(Fault::Corrupt, "read a job", e))
}

fn reason(text: &str) -> PortResult<Reason> {
    serde_json::from_str(text).map_err(|e| PortError::new(Fault::Corrupt, "read a job", e))
}

const fn corrupt() -> PortError {
    PortError::bare(Fault::Corrupt, "read a job")
}
