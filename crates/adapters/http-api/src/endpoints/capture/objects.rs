//! `GET /objects/{key}`

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::PortResult;
use objects::{ObjectKey, ObjectSource};
use utoipa::IntoParams;

use super::range::{Wanted, wanted};

use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{FromQuery, QueryOf, QueryReader};
use crate::ports::{LinkFault, OpenedObject};
use crate::state::Shared;

failing!(
    Failures: ValidationFailed,
    LinkExpired,
    LinkInvalid,
    ObjectNotFound,
    NotFound,
    RangeNotSatisfiable,
    StorageUnavailable,
);

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

/// How much of an object is held in memory.
const PORTION: u64 = 256 * 1024;
const KEPT_BY_ITS_OWNER: HeaderValue = HeaderValue::from_static("private, max-age=3600, immutable");

/// A stored object behind a signed link
///
/// Links are given out as `s3Url`, `imageUrl` or `audioUrl`; no other credential is asked for. A
/// `Range` of bytes is answered with 206. Only where objects are kept in a folder: links to S3 lead
/// there.
#[utoipa::path(
    get, path = "/objects/{*key}", tag = "Capture", security(()),
    params(("key" = String, Path, description = "The object's key; its slashes may stand as they are."), Signature),
    responses(
        (status = 200, description = "The object.", content(
            (String = "image/jpeg"), (String = "image/png"), (String = "image/webp"),
            (String = "audio/mp4"), (String = "audio/aac"), (String = "audio/mpeg"),
            (String = "audio/wav"), (String = "audio/ogg"), (String = "audio/webm"),
        )),
        (status = 206, description = "The bytes that `Range` asks for."),
        Failures,
    ),
)]
pub(super) async fn open_object(
    State(state): State<Shared>,
    key: Result<Path<String>, PathRejection>,
    QueryOf(link): QueryOf<Signature>,
    asked: HeaderMap,
) -> Result<Response, ApiError> {
    let objects = state.signed_objects.as_ref().ok_or(ErrorCode::NotFound)?;
    let key = key.ok().and_then(|Path(key)| key.parse::<ObjectKey>().ok());
    let key = key.ok_or(ErrorCode::LinkInvalid)?;
    let opened = objects.open(&key, &link.expires, &link.signature).await?;
    let OpenedObject {
        content_type,
        source,
    } = opened.ok_or(ErrorCode::ObjectNotFound)?;
    let mut answer = match wanted(&asked, source.size()) {
        Wanted::Whole => whole(source),
        Wanted::Part(part) => partial(source, part),
        Wanted::Nothing => return Err(ErrorCode::RangeNotSatisfiable.into()),
    };
    let media_type = HeaderValue::try_from(content_type);
    let unfit = |error| ApiError::from(ErrorCode::Internal).caused_by(error);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type.map_err(unfit)?);
    headers.insert(header::CACHE_CONTROL, KEPT_BY_ITS_OWNER);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(answer)
}

fn whole(source: Arc<dyn ObjectSource>) -> Response {
    let size = source.size();
    let headers = [(header::CONTENT_LENGTH, size)];
    (headers, Body::from_stream(portions(source, 0, size))).into_response()
}

fn partial(source: Arc<dyn ObjectSource>, part: RangeInclusive<u64>) -> Response {
    let (first, last) = part.into_inner();
    let range = format!("bytes {first}-{last}/{}", source.size());
    let length = last - first + 1;
    let headers = [
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_RANGE, range),
    ];
    let body = Body::from_stream(portions(source, first, length));
    (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
}

/// So many bytes from `at` on, a portion at a time. A client that takes none holds one.
fn portions(
    source: Arc<dyn ObjectSource>,
    at: u64,
    length: u64,
) -> impl Stream<Item = PortResult<Bytes>> {
    stream::try_unfold((source, at, length), |(source, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let length = usize::try_from(left.min(PORTION)).unwrap_or(usize::MAX);
        let portion = source.read(at, length).await?;
        let read = portion.len() as u64;
        Ok(Some((
            portion,
            (source, at + read, left.saturating_sub(read)),
        )))
    })
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
