//! The form an image comes in.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use kernel::{SessionId, Timestamp};
use utoipa::IntoParams;

use super::text::{SessionIdOrBlank, optional_session, parse_moment};
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// More than any id or moment needs.
const MAX_TEXT_BYTES: usize = 256;
/// Names the session; wins over the field.
const SESSION_HEADER: &str = "x-session-id";

/// The header that names the session, as it is documented.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct SessionHeader {
    /// The session of the image; wins over the field or member `sessionId`.
    #[param(rename = "X-Session-Id", value_type = SessionIdOrBlank, required = false)]
    session: (),
}

/// What the form holds, not looked at closer yet.
#[derive(Debug, Default)]
pub(crate) struct ImageForm {
    file: Option<Bytes>,
    session: Option<String>,
    captured_at: Option<String>,
}

impl ImageForm {
    /// The file. One of zero bytes is a file too if it has a name.
    pub(crate) fn file(&self) -> Result<Bytes, ErrorCode> {
        self.file.clone().ok_or(ErrorCode::NoFile)
    }

    /// The session of the header, else that of the field.
    pub(crate) fn session(&self) -> Result<Option<SessionId>, ErrorCode> {
        optional_session(self.session.as_deref())
    }

    /// When the client says the picture was taken.
    pub(crate) fn captured_at(&self) -> Result<Option<Timestamp>, ApiError> {
        let must = "must be an RFC 3339 moment";
        let parse = |text: &str| parse_moment(text).ok_or(ApiError::invalid("capturedAt", must));
        self.captured_at.as_deref().map(parse).transpose()
    }

    async fn take(&mut self, field: Field<'_>, max_file: usize) -> Result<(), ApiError> {
        match field.name() {
            Some("image" | "file") => self.take_file(field, max_file).await,
            Some("sessionId") => {
                let text = read_text("sessionId", field).await?;
                self.session.get_or_insert(text);
                Ok(())
            }
            Some("capturedAt") => {
                self.captured_at = Some(read_text("capturedAt", field).await?);
                Ok(())
            }
            _ => skip(field).await,
        }
    }

    /// A form without a file chosen still holds the field: no bytes, no name.
    async fn take_file(&mut self, field: Field<'_>, max: usize) -> Result<(), ApiError> {
        let is_named = field.file_name().is_some_and(|name| !name.is_empty());
        let too_large = || ErrorCode::FileTooLarge.into();
        let file = read_field(field, max, too_large).await?;
        if file.is_empty() && !is_named {
            return Ok(());
        }
        match self.file.replace(file) {
            None => Ok(()),
            Some(_) => Err(ApiError::invalid("image", "is given twice")),
        }
    }
}

impl FromRequest<Shared> for ImageForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        let headers = request.headers();
        require_form(headers)?;
        let mut form = Self {
            session: session_header(headers)?,
            ..Self::default()
        };
        let malformed =
            |_| ApiError::new(ErrorCode::ValidationFailed, "the form names no boundary");
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(malformed)?;
        let max_file = state.vision.rules().max_bytes;
        while let Some(field) = parts.next_field().await.map_err(form_fault)? {
            form.take(field, max_file).await?;
        }
        Ok(form)
    }
}

/// A body that is no form, or none at all, holds no file.
fn require_form(headers: &HeaderMap) -> Result<(), ErrorCode> {
    let value = headers.get(header::CONTENT_TYPE);
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_form = essence.eq_ignore_ascii_case("multipart/form-data");
    is_form.then_some(()).ok_or(ErrorCode::NoFile)
}

/// The session of the header `X-Session-Id`; blank is none.
pub(crate) fn session_header(headers: &HeaderMap) -> Result<Option<String>, ErrorCode> {
    let Some(value) = headers.get(SESSION_HEADER) else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| ErrorCode::SessionNotFound)?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

async fn read_text(name: &'static str, field: Field<'_>) -> Result<String, ApiError> {
    let too_long = || ApiError::invalid(name, "is too long");
    let bytes = read_field(field, MAX_TEXT_BYTES, too_long).await?;
    let not_text = |_| ApiError::invalid(name, "must be UTF-8 text");
    String::from_utf8(bytes.into()).map_err(not_text)
}

async fn read_field(
    mut field: Field<'_>,
    max: usize,
    too_long: impl Fn() -> ApiError,
) -> Result<Bytes, ApiError> {
    let mut read = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(form_fault)? {
        if read.len() + chunk.len() > max {
            return Err(too_long());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

async fn skip(mut field: Field<'_>) -> Result<(), ApiError> {
    while field.chunk().await.map_err(form_fault)?.is_some() {}
    Ok(())
}

/// A form that is malformed or too large as a whole, which only its file can make it.
fn form_fault(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ErrorCode::FileTooLarge.into();
    }
    ApiError::new(
        ErrorCode::ValidationFailed,
        "the form is malformed or cut off",
    )
    .caused_by(error)
}
