//! `POST /auth/password/reset`

use auth::NewPassword;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{JsonBody, SecretText, Source, schemas};
use crate::state::Shared;

failing!(Failures: WeakPassword, MailedTokenInvalid, TooManyAttempts, UnsupportedMediaType);

/// A new password, and the right to set it.
#[derive(Deserialize, ToSchema)]
pub(super) struct Reset {
    /// The code from the mail.
    #[schema(value_type = String)]
    token: SecretText,
    #[schema(schema_with = schemas::new_password)]
    password: SecretText,
}

/// The password is another now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordReset {
    /// Always true.
    password_reset: bool,
}

/// Set a new password with the code from a mail
///
/// Signs all devices out, and verifies the address. The code works once.
#[utoipa::path(
    post, path = "/auth/password/reset", tag = "Accounts",
    request_body = Reset,
    responses((status = 200, description = "The password is set.", body = Success<PasswordReset>), Failures),
)]
pub(super) async fn reset_password(
    State(state): State<Shared>,
    source: Source,
    JsonBody(reset): JsonBody<Reset>,
) -> Answer<PasswordReset> {
    let password = NewPassword::try_new(reset.password.0)?;
    let (token, origin) = (&reset.token.0, source.origin());
    let set = state.auth.reset_password(token, &password, &origin);
    set.await?;
    success(PasswordReset {
        password_reset: true,
    })
}
