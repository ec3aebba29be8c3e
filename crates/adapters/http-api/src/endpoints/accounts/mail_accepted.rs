//! The answer to whoever wants a mail sent.

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Success, success};
use crate::error::ApiError;

/// What handlers that send mail return.
pub(super) type Accepted = Result<(StatusCode, Success<MailAccepted>), ApiError>;

/// The wish is taken.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailAccepted {
    /// Always true; it does not say that a mail is sent.
    accepted: bool,
}

pub(super) fn accepted() -> Accepted {
    Ok((
        StatusCode::ACCEPTED,
        success(MailAccepted { accepted: true })?,
    ))
}
