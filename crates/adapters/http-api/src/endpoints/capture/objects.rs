//! `GET /objects/{key}`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header;
use objects::ObjectKey;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{FromQuery, QueryOf, QueryReader};
use crate::ports::{LinkFault, OpenedObject};
use crate::state::Shared;

failing!(Failures: ValidationFailed, LinkExpired, LinkInvalid, ObjectNotFound, NotFound, StorageUnavailable);

/// What makes a link good.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Signature {
    /// When the link stops working.
    expires: String,
    /// Proves that this server has made the link.
    signature: String,
}

impl FromQuery for Signature {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let missing = |name| ApiError::invalid(name, "is missing");
        Ok(Self {
            expires: query.take("expires").ok_or_else(|| missing("expires"))?,
            signature: query
                .take("signature")
                .ok_or_else(|| missing("signature"))?,
        })
    }
}

/// A stored object behind a signed link
///
/// Links are given out as `s3Url`; no other credential is asked for. Only where objects are kept
/// in a folder: links to S3 lead there.
#[utoipa::path(
    get, path = "/objects/{*key}", tag = "Capture", security(()),
    params(("key" = String, Path, description = "The object's key; its slashes may stand as they are."), Signature),
    responses((status = 200, description = "The object as it was uploaded.", content(
        (String = "image/jpeg"), (String = "image/png"), (String = "image/webp"),
    )), Failures),
)]
pub(super) async fn open_object(
    State(state): State<Shared>,
    key: Result<Path<String>, PathRejection>,
    QueryOf(link): QueryOf<Signature>,
) -> Result<Response, ApiError> {
    let objects = state.signed_objects.as_ref().ok_or(ErrorCode::NotFound)?;
    let key = key.ok().and_then(|Path(key)| key.parse::<ObjectKey>().ok());
    let key = key.ok_or(ErrorCode::LinkInvalid)?;
    let opened = objects.open(&key, &link.expires, &link.signature).await?;
    let OpenedObject { content_type, body } = opened.ok_or(ErrorCode::ObjectNotFound)?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (
            header::CACHE_CONTROL,
            "private, max-age=3600, immutable".to_owned(),
        ),
    ];
    Ok((headers, body).into_response())
}

impl From<LinkFault> for ApiError {
    fn from(fault: LinkFault) -> Self {
        match fault {
            LinkFault::Expired => ErrorCode::LinkExpired.into(),
            LinkFault::Invalid => ErrorCode::LinkInvalid.into(),
            LinkFault::Port(error) => Self::from(ErrorCode::StorageUnavailable).caused_by(error),
        }
    }
}
