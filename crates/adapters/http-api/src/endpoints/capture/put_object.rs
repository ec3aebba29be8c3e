//! `PUT /objects/{key}`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, StatusCode, header};
use objects::{ObjectKey, Promise, ReceiveFault, Sha256Digest};
use serde_json::json;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{FromQuery, QueryOf, QueryReader};
use crate::ports::UploadSignature;
use crate::state::Shared;

failing!(
    Failures: ValidationFailed,
    UploadMismatch,
    LinkExpired,
    LinkInvalid,
    NotFound,
    ObjectExists,
    Overloaded,
    StorageUnavailable,
);

const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// What makes an upload link good, and what was promised.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// When the link stops working.
    expires: String,
    /// The size in bytes.
    #[param(value_type = u64)]
    size: u64,
    /// The media type.
    #[param(rename = "type")]
    content_type: String,
    /// The checksum in hexadecimal, if one was promised.
    #[param(value_type = String, required = false, pattern = "^[0-9a-fA-F]{64}$")]
    sha256: Option<Sha256Digest>,
    /// Proves that this server has made the link.
    signature: String,
}

impl FromQuery for UploadQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let mut text = |name: &'static str| {
            let missing = || ApiError::invalid(name, "is missing");
            query.take(name).ok_or_else(missing)
        };
        let (expires, content_type) = (text("expires")?, text("type")?);
        let (size, signature) = (text("size")?, text("signature")?);
        let size = size.parse();
        let parse = |text: &str| text.parse().ok();
        Ok(Self {
            expires,
            content_type,
            signature,
            size: size.map_err(|_| ApiError::invalid("size", "must be a number"))?,
            sha256: query.parsed("sha256", "must be 64 hexadecimal digits", parse)?,
        })
    }
}

/// Put an object behind an upload link
///
/// The links of `POST /upload/presign` lead here; no other credential is asked for. Only where
/// objects are kept in a folder: upload links to S3 lead there.
#[utoipa::path(
    put, path = "/objects/{*key}", tag = "Capture", security(()),
    params(("key" = String, Path, description = "The object's key; its slashes may stand as they are."), UploadQuery),
    request_body(content = Vec<u8>, content_type = "image/*", description = "The object, of the type, size and checksum that were promised."),
    responses((status = 204, description = "The object is stored."), Failures),
)]
pub(super) async fn put_object(
    State(state): State<Shared>,
    key: Result<Path<String>, PathRejection>,
    QueryOf(query): QueryOf<UploadQuery>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let objects = state.signed_objects.as_ref().ok_or(ErrorCode::NotFound)?;
    let key = key.ok().and_then(|Path(key)| key.parse::<ObjectKey>().ok());
    let key = key.ok_or(ErrorCode::LinkInvalid)?;
    let link = query.link();
    objects.check_upload(&key, &link)?;
    compare(request.headers(), &link.promise)?;
    let body = request.into_body().into_data_stream();
    let body = body.map(|piece| piece.map_err(std::io::Error::other));
    objects.receive(&key, &link.promise, body.boxed()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl UploadQuery {
    fn link(self) -> UploadSignature {
        let Self {
            expires,
            size,
            content_type,
            sha256,
            signature,
        } = self;
        UploadSignature {
            expires,
            signature,
            promise: Promise {
                content_type,
                size,
                sha256,
            },
        }
    }
}

/// What the headers say must be what was promised, before anything is read. A client that does not
/// tell the length is counted, and the bytes are checked against the checksum in any case.
fn compare(headers: &HeaderMap, promise: &Promise) -> Result<(), ApiError> {
    let said = |name: HeaderName| Some(headers.get(name)?.to_str().unwrap_or_default());
    if said(header::CONTENT_TYPE) != Some(promise.content_type.as_str()) {
        return Err(mismatch("contentType"));
    }
    if said(header::CONTENT_LENGTH).is_some_and(|size| size != promise.size.to_string()) {
        return Err(mismatch("size"));
    }
    let promised = promise.sha256.map(|sha256| sha256.base64());
    if said(CHECKSUM).is_some_and(|said| promised.as_deref() != Some(said)) {
        return Err(mismatch("sha256"));
    }
    Ok(())
}

/// It is not what was promised.
pub(crate) fn mismatch(field: &'static str) -> ApiError {
    ApiError::from(ErrorCode::UploadMismatch).with_details(json!({ "field": field }))
}

impl From<ReceiveFault> for ApiError {
    fn from(fault: ReceiveFault) -> Self {
        match fault {
            ReceiveFault::Mismatch(field) => mismatch(field),
            ReceiveFault::Taken => ErrorCode::ObjectExists.into(),
            ReceiveFault::BrokenOff => {
                Self::new(ErrorCode::ValidationFailed, "the body is cut off")
            }
            ReceiveFault::Port(error) => Self::from(ErrorCode::StorageUnavailable).caused_by(error),
        }
    }
}
