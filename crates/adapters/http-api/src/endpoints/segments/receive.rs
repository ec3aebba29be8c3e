//! `POST /session/segment`

use axum::Json;
use axum::extract::{Request, State};
use futures_util::StreamExt;
use segments::SegmentError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{Caller, is_json};
use crate::state::Shared;

failing!(
    Failures: ValidationFailed,
    SegmentEmpty,
    NotAudio,
    BodyTooLarge,
    UnsupportedMediaType,
    StorageUnavailable,
);

/// What stands beside the sound, and escapes within it, take no more than this.
const OVERHEAD_BYTES: usize = 1024 * 1024;

/// The sound recorded for one image. One of `signedUrl` and `audioBase64` must be there; null and
/// an empty text stand for nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "only its schema is used: the body is read as it arrives"
)]
pub(super) struct SegmentBody {
    /// The client's own name for the sitting.
    #[schema(max_length = 200, example = "sess_evaluator1_client1_1739123456789")]
    session_id: Option<String>,
    /// Who showed the image.
    #[schema(max_length = 200, example = "evaluator1")]
    evaluator_id: Option<String>,
    /// Who saw it.
    #[schema(max_length = 200, example = "client1")]
    client_id: Option<String>,
    /// Which image of the sitting.
    #[schema(minimum = 0, maximum = 99999)]
    image_index: u32,
    /// The image: an upload link, another URL, or the key of a stored image.
    #[schema(max_length = 8192, example = "https://images.example/0.jpg")]
    signed_url: Option<String>,
    /// M4A, AAC, MP3, WAV, Ogg or `WebM`, told by content, at most 10 MB, in Base64.
    audio_base64: Option<String>,
}

/// The segment is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentAnswer {
    /// Always true.
    ok: bool,
    /// The same whenever a segment is sent for this place.
    segment_id: Uuid,
}

/// Keep the sound recorded for one image
///
/// There is one segment for each `sessionId`, `evaluatorId`, `clientId` and `imageIndex` of a
/// caller; sent again, it takes the place of the one before, so that no `Idempotency-Key` is
/// needed, and none is looked at. Answers and failures have shapes of their own here.
#[utoipa::path(
    post, path = "/session/segment", tag = "Segments",
    request_body = SegmentBody,
    responses((status = 200, description = "The segment is kept.", body = SegmentAnswer), Failures),
)]
pub(super) async fn receive_segment(
    State(state): State<Shared>,
    Caller(user): Caller,
    request: Request,
) -> Result<Json<SegmentAnswer>, ApiError> {
    if !is_json(request.headers()) {
        let message = "the body must be application/json";
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
    }
    let mut incoming = state.segments.incoming(user);
    let mut left = state.segments.rules().max_bytes / 2 * 3 + OVERHEAD_BYTES;
    let mut body = request.into_body().into_data_stream();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(cut_off)?;
        let rest = left.checked_sub(piece.len());
        left = rest.ok_or(ErrorCode::BodyTooLarge)?;
        incoming.push(&piece).await?;
    }
    let id = state.segments.keep(incoming).await?;
    Ok(Json(SegmentAnswer {
        ok: true,
        segment_id: id.uuid(),
    }))
}

fn cut_off(error: axum::Error) -> ApiError {
    ApiError::new(ErrorCode::ValidationFailed, "the body is cut off").caused_by(error)
}

impl From<SegmentError> for ApiError {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Empty => ErrorCode::SegmentEmpty.into(),
            SegmentError::Malformed(_) => Self::new(ErrorCode::ValidationFailed, error.to_string()),
            SegmentError::Field(field, problem) => Self::invalid(field, problem),
            SegmentError::TooLarge { .. } => ErrorCode::BodyTooLarge.into(),
            SegmentError::NotSound => ErrorCode::NotAudio.into(),
            SegmentError::Storage(error) => {
                Self::from(ErrorCode::StorageUnavailable).caused_by(error)
            }
            SegmentError::Port(error) => error.into(),
        }
    }
}
