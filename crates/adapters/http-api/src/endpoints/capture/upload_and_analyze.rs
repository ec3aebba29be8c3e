//! `POST /upload-and-analyze`

use axum::Extension;
use axum::extract::State;
use ledger::Attempt;
use vision::{AnalyzeRequest, Image};

use super::form::{AnalyzeForm, IMAGES};
use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Caller, ImageForm, SessionHeader};
use crate::state::Shared;
use crate::views::AnalyzedView;

failing!(
    Failures: NoFile,
    FileTooLarge,
    NotAnImage,
    SessionNotFound,
    SessionInactive,
    BudgetExceeded,
    StorageUnavailable,
    VisionBadOutput,
    VisionUnavailable,
    VisionTimeout,
    VisionRateLimited,
);

/// Store an image and tell what is on it
///
/// The one-step path. Without a session id a session is started. The session is checked before
/// anything is stored or any model is asked. When the vision model fails, `details.s3Key` names
/// the stored image, so that `POST /analyze` can be asked again.
#[utoipa::path(
    post, path = "/upload-and-analyze", tag = "Capture",
    params(SessionHeader),
    request_body(content = AnalyzeForm, content_type = "multipart/form-data", encoding(("image" = (content_type = IMAGES)))),
    responses((status = 200, description = "The image is stored and understood.", body = Success<AnalyzedView>), Failures),
)]
pub(super) async fn upload_and_analyze(
    State(state): State<Shared>,
    Caller(user): Caller,
    attempt: Option<Extension<Attempt>>,
    form: ImageForm,
) -> Answer<AnalyzedView> {
    let request = AnalyzeRequest {
        user,
        session: form.session()?,
        image: Image::File(form.file()?),
        captured_at: form.captured_at()?,
        accepted_at: None,
        attempt: attempt.map(|Extension(attempt)| attempt),
    };
    success(state.vision.analyze(request).await?.into())
}
