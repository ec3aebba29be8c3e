//! `GET /image`

use axum::extract::State;
use chrono::{DateTime, Utc};
use objects::ObjectKey;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use vision::ImageLinks;

use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{Caller, FromQuery, QueryOf, QueryReader};
use crate::state::Shared;

failing!(Failures: ObjectNotFound, StorageUnavailable);

/// Which image.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ImageQuery {
    /// Its key.
    #[param(rename = "s3Key")]
    s3_key: String,
}

impl FromQuery for ImageQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let s3_key = query.take("s3Key");
        let s3_key = s3_key.ok_or_else(|| ApiError::invalid("s3Key", "is missing"))?;
        Ok(Self { s3_key })
    }
}

/// Links to an image and its smaller copies.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageView {
    s3_key: String,
    /// The image as it was uploaded, without what a camera wrote beside the pixels.
    s3_url: String,
    /// A JPEG of at most 1600 pixels a side; null while it is not made.
    #[schema(required = true)]
    display_url: Option<String>,
    /// A JPEG of at most 320 pixels a side; null while it is not made.
    #[schema(required = true)]
    thumbnail_url: Option<String>,
    /// When the links stop working.
    expires_at: DateTime<Utc>,
}

/// An image and its smaller copies
///
/// The copies are made in a job once somebody asks for them here: until then, and for a moment
/// afterwards, they are null. Ask again a little later.
#[utoipa::path(
    get, path = "/image", tag = "Capture", params(ImageQuery),
    responses((status = 200, description = "The links.", body = Success<ImageView>), Failures),
)]
pub(super) async fn get_image(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf(query): QueryOf<ImageQuery>,
) -> Answer<ImageView> {
    let key = query.s3_key.parse::<ObjectKey>();
    let key = key.map_err(|_| ErrorCode::ObjectNotFound)?;
    let links = state.renditions.links(user, &key).await;
    let links =
        links.map_err(|error| ApiError::from(ErrorCode::StorageUnavailable).caused_by(error))?;
    let ImageLinks {
        image,
        display,
        thumbnail,
    } = links.ok_or(ErrorCode::ObjectNotFound)?;
    success(ImageView {
        s3_key: query.s3_key,
        s3_url: image.url.into(),
        display_url: display.map(|link| link.url.into()),
        thumbnail_url: thumbnail.map(|link| link.url.into()),
        expires_at: image.expires_at,
    })
}
