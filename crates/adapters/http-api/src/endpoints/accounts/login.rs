//! `POST /auth/login`

use auth::Password;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::tokens::{Entered, SignedInView, enter};
use crate::answer::Success;
use crate::error::{ErrorCode, failing};
use crate::extract::{DeviceHeader, JsonBody, SecretText, Source, schemas};
use crate::state::Shared;

failing!(
    Failures: InvalidEmail,
    WrongCredentials,
    AccountDisabled,
    TooManyAttempts,
    UnsupportedMediaType,
);

/// Address and password of an account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Credentials {
    #[schema(schema_with = schemas::email)]
    email: String,
    #[schema(schema_with = schemas::password)]
    password: SecretText,
    #[schema(required = false, schema_with = schemas::device_name)]
    device_name: Option<String>,
}

/// Sign in with a password
///
/// An unknown address and a wrong password have the same answer.
#[utoipa::path(
    post, path = "/auth/login", tag = "Accounts", params(DeviceHeader),
    request_body = Credentials,
    responses((status = 200, description = "The caller is signed in.", body = Success<SignedInView>), Failures),
)]
pub(super) async fn log_in(
    State(state): State<Shared>,
    source: Source,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Entered {
    let email = credentials.email.parse()?;
    // No account has a password that long.
    let password = Password::try_new(credentials.password.0);
    let password = password.map_err(|_| ErrorCode::WrongCredentials)?;
    let origin = source.named(credentials.device_name.as_deref());
    let signed_in = state.auth.sign_in(&email, &password, &origin).await?;
    enter(&state, &signed_in)
}
