//! `POST /analyze`

use axum::Extension;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{SessionId, Timestamp};
use ledger::Attempt;
use objects::ObjectKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vision::{AnalyzeRequest, Image};

use super::form::{AnalyzeForm, IMAGES};
use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{
    Caller, FromQuery, ImageForm, JsonBody, QueryOf, QueryReader, SessionHeader, SessionIdOrBlank,
    is_json, optional_session, session_header,
};
use crate::state::Shared;
use crate::views::AnalyzedView;

failing!(
    Failures: NoFile,
    FileTooLarge,
    NotAnImage,
    SessionNotFound,
    SessionInactive,
    ObjectNotFound,
    UploadMismatch,
    BudgetExceeded,
    StorageUnavailable,
    VisionBadOutput,
    VisionUnavailable,
    VisionTimeout,
    VisionRateLimited,
);

/// Where the answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The analysis itself.
    Sync,
    /// A job, which makes it.
    Async,
}

/// How it is to be carried out.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ModeQuery {
    /// `sync`: the answer comes when the analysis is done. `async`: it comes when the image is
    /// stored, and names the job that analyzes it.
    #[param(value_type = String, required = false, pattern = "^(sync|async)$", default = "sync")]
    mode: Mode,
}

impl FromQuery for ModeQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let known = |text: &str| match text {
            "sync" => Some(Mode::Sync),
            "async" => Some(Mode::Async),
            _ => None,
        };
        let mode = query.parsed("mode", "must be sync or async", known)?;
        Ok(Self {
            mode: mode.unwrap_or(Mode::Sync),
        })
    }
}

/// A job that was accepted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcceptedView {
    /// Ask `GET /jobs/{jobId}` how far it has come.
    job_id: Uuid,
}

/// A stored image to analyze.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoredImage {
    /// The key `POST /upload` answered. What is no key names no object of anybody.
    #[schema(required = true, value_type = String, example = "uploads/0197a1b2-0000-7000-8000-000000000001/2026/03/01/0197a1b2-0000-7000-8000-000000000002.jpg")]
    s3_key: Option<String>,
    /// The session it belongs to.
    #[schema(value_type = Option<SessionIdOrBlank>)]
    session_id: Option<String>,
}

/// What is to be analyzed, from either kind of body.
pub(super) struct Input {
    session: Option<SessionId>,
    image: Image,
    captured_at: Option<Timestamp>,
}

impl FromRequest<Shared> for Input {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        if is_json(request.headers()) {
            let session = session_header(request.headers())?;
            let JsonBody(stored) = JsonBody::<StoredImage>::from_request(request, state).await?;
            return stored.in_session(session);
        }
        let form = ImageForm::from_request(request, state).await?;
        Ok(Self {
            session: form.session()?,
            image: Image::File(form.file()?),
            captured_at: form.captured_at()?,
        })
    }
}

impl StoredImage {
    /// The session of the header wins over that of the body.
    fn in_session(self, session: Option<String>) -> Result<Input, ApiError> {
        let Self { s3_key, session_id } = self;
        let key = s3_key.ok_or(ErrorCode::NoFile)?;
        let key: ObjectKey = key.parse().map_err(|_| ErrorCode::ObjectNotFound)?;
        let session = session.or(session_id);
        Ok(Input {
            session: optional_session(session.as_deref())?,
            image: Image::Stored(key),
            captured_at: None,
        })
    }
}

/// Tell what is on an image that is uploaded or already stored
#[utoipa::path(
    post, path = "/analyze", tag = "Capture",
    params(ModeQuery, SessionHeader),
    request_body(content((AnalyzeForm = "multipart/form-data", encoding(("image" = (content_type = IMAGES)))), (StoredImage = "application/json"))),
    responses(
        (status = 200, description = "The image is understood.", body = Success<AnalyzedView>),
        (status = 202, description = "The image is stored; a job analyzes it.", body = Success<AcceptedView>),
        Failures,
    ),
)]
pub(super) async fn analyze(
    State(state): State<Shared>,
    Caller(user): Caller,
    attempt: Option<Extension<Attempt>>,
    QueryOf(ModeQuery { mode }): QueryOf<ModeQuery>,
    input: Input,
) -> Result<Response, ApiError> {
    let Input {
        session,
        image,
        captured_at,
    } = input;
    let request = AnalyzeRequest {
        user,
        session,
        image,
        captured_at,
        accepted_at: None,
        attempt: attempt.map(|Extension(attempt)| attempt),
    };
    match mode {
        Mode::Sync => Ok(analyzed(&state, request).await?.into_response()),
        Mode::Async => {
            let accepted = accepted(&state, request).await?;
            Ok((StatusCode::ACCEPTED, accepted).into_response())
        }
    }
}

async fn analyzed(state: &Shared, request: AnalyzeRequest) -> Answer<AnalyzedView> {
    success(state.vision.analyze(request).await?.into())
}

async fn accepted(state: &Shared, request: AnalyzeRequest) -> Answer<AcceptedView> {
    let job_id = state.later.accept(request).await?.uuid();
    success(AcceptedView { job_id })
}
