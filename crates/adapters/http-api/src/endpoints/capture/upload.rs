//! `POST /upload`

use axum::Extension;
use axum::extract::State;
use ledger::Attempt;

use super::form::{IMAGES, StoreForm};
use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{Caller, ImageForm};
use crate::state::Shared;
use crate::views::StoredView;

failing!(Failures: NoFile, FileTooLarge, NotAnImage, StorageUnavailable);

/// Store an image without looking at it
#[utoipa::path(
    post, path = "/upload", tag = "Capture",
    request_body(content = StoreForm, content_type = "multipart/form-data", encoding(("image" = (content_type = IMAGES)))),
    responses((status = 200, description = "The image is stored.", body = Success<StoredView>), Failures),
)]
pub(super) async fn upload(
    State(state): State<Shared>,
    Caller(user): Caller,
    attempt: Option<Extension<Attempt>>,
    form: ImageForm,
) -> Answer<StoredView> {
    let attempt = attempt.map(|Extension(attempt)| attempt);
    let stored = state.vision.store(user, form.file()?, attempt);
    success(stored.await?.into())
}
