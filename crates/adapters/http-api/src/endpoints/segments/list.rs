//! `GET /session/{sessionId}/segments`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use segments::{ImageIndex, Label, Linked, Missing, Segment, SegmentListError, SegmentPlace};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Listing, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{Caller, PageQuery, QueryOf};
use crate::state::Shared;

failing!(Failures: SessionNotFound, StorageUnavailable);

/// A segment, with links to what belongs to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentView {
    segment_id: Uuid,
    #[schema(required = true)]
    session_id: Option<String>,
    #[schema(required = true)]
    evaluator_id: Option<String>,
    #[schema(required = true)]
    client_id: Option<String>,
    image_index: u32,
    /// The image as the client named it.
    #[schema(required = true)]
    signed_url: Option<String>,
    /// Opens the image: a link of ours where it is stored here, else the URL the client gave.
    #[schema(required = true)]
    image_url: Option<String>,
    /// Opens the sound.
    #[schema(required = true)]
    audio_url: Option<String>,
    #[schema(required = true)]
    audio_content_type: Option<String>,
    /// Size of the sound in bytes.
    #[schema(required = true)]
    audio_bytes: Option<u64>,
    /// When the first segment for this image was received.
    created_at: DateTime<Utc>,
    /// When this one was.
    received_at: DateTime<Utc>,
}

/// Images without a segment, though a later one of the same two people has one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MissingView {
    #[schema(required = true)]
    evaluator_id: Option<String>,
    #[schema(required = true)]
    client_id: Option<String>,
    /// Ascending; at most 1,000.
    image_indexes: Vec<u32>,
}

/// Segments of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentsView {
    #[serde(flatten)]
    page: Listing<SegmentView>,
    /// Of the whole session, whichever page this is.
    missing: Vec<MissingView>,
}

impl From<Linked> for SegmentView {
    fn from(linked: Linked) -> Self {
        let Linked {
            segment,
            sound: link,
            image,
        } = linked;
        let Segment {
            id,
            user: _,
            place,
            signed_url,
            image: _,
            sound,
            created_at,
            received_at,
        } = segment;
        let SegmentPlace {
            session,
            evaluator,
            client,
            image: index,
        } = place;
        Self {
            segment_id: id.uuid(),
            session_id: text(session),
            evaluator_id: text(evaluator),
            client_id: text(client),
            image_index: index.number(),
            signed_url,
            image_url: image.map(Into::into),
            audio_url: link.map(|link| link.url.into()),
            audio_content_type: sound.as_ref().map(|sound| sound.content_type.clone()),
            audio_bytes: sound.map(|sound| sound.bytes),
            created_at,
            received_at,
        }
    }
}

impl From<Missing> for MissingView {
    fn from(missing: Missing) -> Self {
        let Missing {
            evaluator,
            client,
            images,
        } = missing;
        Self {
            evaluator_id: text(evaluator),
            client_id: text(client),
            image_indexes: images.into_iter().map(ImageIndex::number).collect(),
        }
    }
}

fn text(label: Option<Label>) -> Option<String> {
    label.map(|label| label.to_string())
}

/// The segments of a session, newest first
///
/// The session is one of this server's, or what a client calls its sitting in `sessionId` of the
/// segments it sends.
#[utoipa::path(
    get, path = "/session/{sessionId}/segments", tag = "Segments",
    params(("sessionId" = String, Path, description = "The session, or the client's own name for it."), PageQuery),
    responses((status = 200, description = "A page of segments, and the images that lack one.", body = Success<SegmentsView>), Failures),
)]
pub(super) async fn list_segments(
    State(state): State<Shared>,
    Caller(user): Caller,
    session: Result<Path<String>, PathRejection>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<SegmentsView> {
    let session = session
        .ok()
        .and_then(|Path(text)| text.parse::<Label>().ok());
    let session = session.ok_or(ErrorCode::SessionNotFound)?;
    let listed = state.segments.list(user, &session, page.request()).await?;
    success(SegmentsView {
        page: Listing::page(listed.page, SegmentView::from),
        missing: listed.missing.into_iter().map(MissingView::from).collect(),
    })
}

impl From<SegmentListError> for ApiError {
    fn from(error: SegmentListError) -> Self {
        match error {
            SegmentListError::SessionNotFound => ErrorCode::SessionNotFound.into(),
            SegmentListError::Port(error) => error.into(),
        }
    }
}
