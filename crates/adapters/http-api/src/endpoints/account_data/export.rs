//! `GET /user/export`

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use privacy::{Archive, Privacy};

use super::paced::{Handed, paced};
use super::under_way::{Exports, UnderWay};
use crate::error::ApiError;
use crate::extract::Caller;
use crate::state::Shared;

const FILE: &str = "attachment; filename=\"smartsight-export.zip\"";

/// Everything of mine, as a zip
///
/// One file of JSON lines for each kind of thing, with the field names of this API; the stored
/// images below `images/`; and `manifest.json`, which counts what is in the others, names images
/// that are missing, and says what is kept and not handed out. The zip is sent while it is made:
/// one that was broken off lacks its table of contents, and the connection breaks; so does one of
/// which nothing is taken for a minute. Nobody reads more than two at once: `RATE_LIMITED` with the
/// limit `exports` otherwise.
#[utoipa::path(
    get, path = "/user/export", tag = "Profile",
    responses((status = 200, description = "The zip.", content(([u8] = "application/zip")))),
)]
pub(super) async fn export_everything(
    State(state): State<Shared>,
    Extension(exports): Extension<Exports>,
    Caller(user): Caller,
) -> Result<Response, ApiError> {
    let writing = Arc::new(exports.begin(user)?);
    let reading = writing.clone();
    let (archive, bytes) = (state.archives)();
    let export = write(state.privacy.clone(), writing, archive);
    state.tasks.spawn("export", Box::pin(export));
    let (bytes, handing) = paced(bytes, state.limits.export_stall);
    let hand = async move {
        if handing.await == Handed::GivenUp {
            tracing::info!(user_id = %reading.user(), "nobody took an export, it is given up");
        }
    };
    state.tasks.spawn("hand an export on", Box::pin(hand));
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, FILE),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// Its failure reaches the caller as a broken connection.
async fn write(privacy: Privacy, under_way: Arc<UnderWay>, archive: Box<dyn Archive>) {
    let user = under_way.user();
    match privacy.export(user, archive).await {
        Ok(manifest) => {
            let images = manifest.images.count;
            tracing::info!(user_id = %user, images, "everything of a user was handed out");
        }
        Err(error) => tracing::warn!(user_id = %user, error = &error as &dyn std::error::Error,
            "an export was broken off"),
    }
}
