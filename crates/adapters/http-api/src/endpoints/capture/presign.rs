//! `POST /upload/presign`

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use objects::{PresignError, UploadLink, UploadWanted};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use utoipa::ToSchema;
use vision::ImageFormat;

use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{Caller, JsonBody, present};
use crate::state::Shared;

failing!(Failures: FileTooLarge, UnsupportedMediaType);

/// What is to be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PresignBody {
    /// The media type; the bytes must be of it.
    #[schema(pattern = "^image/(jpeg|png|webp)$", example = "image/jpeg")]
    content_type: String,
    /// The size in bytes, exactly.
    #[schema(minimum = 1, maximum = 10_485_760, example = 81591)]
    #[serde(deserialize_with = "whole")]
    size: u64,
    /// The checksum, in hexadecimal or Base64. Given, the bytes must have it.
    #[serde(default, deserialize_with = "present")]
    #[schema(
        nullable = false,
        pattern = "^([0-9a-fA-F]{64}|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$"
    )]
    sha256: Option<String>,
}

/// A whole number however it is written: to JSON `285.0` is one too.
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let number = Number::deserialize(from)?;
    let written = || {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        format!("{float:.0}").parse().ok()
    };
    let whole = number.as_u64().or_else(written);
    whole.ok_or_else(|| D::Error::custom("must be a whole number, not negative"))
}

/// Where to upload it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PresignView {
    /// PUT the bytes here, once.
    upload_url: String,
    /// The key to give `POST /analyze` as `s3Key` afterwards.
    s3_key: String,
    /// Headers the request must carry; clients that know the length set `content-length` by
    /// themselves.
    headers: BTreeMap<String, String>,
    /// When the link stops working.
    expires_at: DateTime<Utc>,
}

/// A link to upload an image without passing it through this server
///
/// Type, size and checksum bind: another upload is refused at the link, or found when
/// `POST /analyze` is asked for the key. What nobody asks for within an hour after the link has
/// expired is removed.
#[utoipa::path(
    post, path = "/upload/presign", tag = "Capture",
    request_body = PresignBody,
    responses((status = 200, description = "The link.", body = Success<PresignView>), Failures),
)]
pub(super) async fn presign_upload(
    State(state): State<Shared>,
    Caller(user): Caller,
    JsonBody(body): JsonBody<PresignBody>,
) -> Answer<PresignView> {
    let (key, link) = state.uploads.presign(user, body.wanted()?).await?;
    let UploadLink {
        url,
        headers,
        expires_at,
    } = link;
    success(PresignView {
        upload_url: url.into(),
        s3_key: key.to_string(),
        headers: headers.into_iter().collect(),
        expires_at,
    })
}

impl PresignBody {
    fn wanted(&self) -> Result<UploadWanted, ApiError> {
        let must = "must be image/jpeg, image/png or image/webp";
        let format = ImageFormat::of_content_type(&self.content_type);
        let format = format.ok_or_else(|| ApiError::invalid("contentType", must))?;
        let must = "must be 64 hexadecimal digits, or Base64 of 32 bytes";
        let sha256 = self.sha256.as_deref().map(str::parse).transpose();
        Ok(UploadWanted {
            content_type: format.content_type(),
            extension: format.extension(),
            size: self.size,
            sha256: sha256.map_err(|_| ApiError::invalid("sha256", must))?,
        })
    }
}

impl From<PresignError> for ApiError {
    fn from(error: PresignError) -> Self {
        match error {
            PresignError::Empty => Self::invalid("size", "must be at least 1"),
            PresignError::TooLarge { .. } => ErrorCode::FileTooLarge.into(),
            PresignError::Port(error) => error.into(),
        }
    }
}
