//! Sessions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sessions::{Session, SessionState};
use utoipa::ToSchema;
use uuid::Uuid;

/// One sitting of study.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    session_id: Uuid,
    status: StatusView,
    started_at: DateTime<Utc>,
    /// Null while it is going on.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// The newest capture time of its images; the start while there is none.
    last_activity_at: DateTime<Utc>,
    /// The day it belongs to.
    date: NaiveDate,
    /// The user's IANA time zone when it started.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
}

/// Whether a session is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum StatusView {
    Active,
    Ended,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        let date = session.date();
        let Session {
            id,
            user: _,
            started_at,
            zone,
            state,
            last_activity_at,
        } = session;
        let (status, ended_at) = match state {
            SessionState::Active => (StatusView::Active, None),
            SessionState::Ended(at) => (StatusView::Ended, Some(at)),
        };
        Self {
            session_id: id.uuid(),
            status,
            started_at,
            ended_at,
            last_activity_at,
            date,
            time_zone: zone.name().to_owned(),
        }
    }
}
