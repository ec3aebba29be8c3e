//! `POST /auth/email/verify`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{JsonBody, SecretText, Source};
use crate::state::Shared;

failing!(Failures: MailedTokenInvalid, TooManyAttempts, UnsupportedMediaType);

/// The proof that a mail was read.
#[derive(Deserialize, ToSchema)]
pub(super) struct Verification {
    /// The code from the mail.
    #[schema(value_type = String)]
    token: SecretText,
}

/// The address is its owner's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailVerified {
    /// Always true.
    email_verified: bool,
}

/// Verify an address with the code from a mail
///
/// The code works once.
#[utoipa::path(
    post, path = "/auth/email/verify", tag = "Accounts",
    request_body = Verification,
    responses((status = 200, description = "The address is verified.", body = Success<EmailVerified>), Failures),
)]
pub(super) async fn verify_email(
    State(state): State<Shared>,
    source: Source,
    JsonBody(verification): JsonBody<Verification>,
) -> Answer<EmailVerified> {
    let (token, origin) = (&verification.token.0, source.origin());
    state.auth.verify_address(token, &origin).await?;
    success(EmailVerified {
        email_verified: true,
    })
}
