//! `GET /voice/{voiceSessionId}`

use std::time::Duration;

use axum::extract::State;
use chrono::{DateTime, Utc};
use objects::Link;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use voice::{Track, VoiceReadError};

use super::view::{TurnView, VoiceSessionView};
use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{Caller, FromQuery, PathVoice, QueryOf, QueryReader};
use crate::state::Shared;

failing!(Failures: VoiceSessionNotFound, StorageUnavailable);

/// How long links to recordings work.
const LINKS_FOR: Duration = Duration::from_hours(1);
/// Turns in one answer: an hour of brisk talk.
const TURNS: u16 = 500;

/// A conversation, what was said, and where its sound is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VoiceDetails {
    #[serde(flatten)]
    session: VoiceSessionView,
    /// Up to 500 turns by their place.
    transcript: Vec<TurnView>,
    /// Give it as `from` to get the turns that follow; null at the end.
    #[schema(required = true)]
    next_from: Option<u32>,
    recordings: RecordingsView,
}

/// The recordings there are. They appear after the conversation has ended.
#[derive(Debug, Default, Serialize, ToSchema)]
struct RecordingsView {
    /// What the user said: WAV, 16 kHz.
    #[schema(required = true)]
    input: Option<LinkView>,
    /// What was sent to the device: WAV, 24 kHz.
    #[schema(required = true)]
    output: Option<LinkView>,
}

/// A link that works for a while.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LinkView {
    url: String,
    expires_at: DateTime<Utc>,
}

/// Where to go on reading.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TurnsQuery {
    /// The place of the first turn wanted; `nextFrom` of the answer before.
    #[param(value_type = u32, required = false, minimum = 0, default = 0)]
    from: u32,
}

impl FromQuery for TurnsQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let plain = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok())?
        };
        let from = query.parsed("from", "must be a whole number", plain)?;
        Ok(Self {
            from: from.unwrap_or_default(),
        })
    }
}

/// One conversation: transcript, usage, cost and links to its sound
#[utoipa::path(
    get, path = "/voice/{voiceSessionId}", tag = "Voice",
    params(("voiceSessionId" = Uuid, Path, description = "The conversation."), TurnsQuery),
    responses((status = 200, description = "The conversation.", body = Success<VoiceDetails>), Failures),
)]
pub(super) async fn get_voice_session(
    State(state): State<Shared>,
    Caller(user): Caller,
    PathVoice(id): PathVoice,
    QueryOf(turns): QueryOf<TurnsQuery>,
) -> Answer<VoiceDetails> {
    let session = state.voice.get(user, id).await?;
    let transcript = state.voice.transcript(user, id, turns.from, TURNS).await?;
    let is_full = transcript.len() == usize::from(TURNS);
    let last = transcript.last().map(|turn| turn.index);
    let next_from = last.filter(|_| is_full).map(|index| index + 1);
    let mut recordings = RecordingsView::default();
    let links = state.voice.recordings(user, id, LINKS_FOR).await;
    for (track, link) in links.map_err(without_links)? {
        let place = match track {
            Track::Input => &mut recordings.input,
            Track::Output => &mut recordings.output,
        };
        *place = Some(link.into());
    }
    success(VoiceDetails {
        session: session.into(),
        transcript: transcript.into_iter().map(TurnView::from).collect(),
        next_from,
        recordings,
    })
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        let Link { url, expires_at } = link;
        Self {
            url: url.into(),
            expires_at,
        }
    }
}

/// Recordings are in the object store, everything else is not.
fn without_links(error: VoiceReadError) -> ApiError {
    match error {
        VoiceReadError::NotFound => error.into(),
        VoiceReadError::Port(error) => {
            ApiError::from(ErrorCode::StorageUnavailable).caused_by(error)
        }
    }
}
