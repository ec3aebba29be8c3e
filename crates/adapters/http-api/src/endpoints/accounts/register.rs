//! `POST /auth/register`

use auth::NewPassword;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::tokens::{Entered, SignedInView, enter};
use crate::answer::Success;
use crate::error::failing;
use crate::extract::{DeviceHeader, JsonBody, SecretText, Source, schemas};
use crate::state::Shared;

failing!(
    Failures: InvalidEmail,
    WeakPassword,
    EmailTaken,
    TooManyAttempts,
    UnsupportedMediaType,
);

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewAccount {
    #[schema(schema_with = schemas::email)]
    email: String,
    #[schema(schema_with = schemas::new_password)]
    password: SecretText,
    #[schema(required = false, schema_with = schemas::device_name)]
    device_name: Option<String>,
}

/// Make an account with a password
///
/// Its owner is signed in, and gets a mail that verifies the address.
#[utoipa::path(
    post, path = "/auth/register", tag = "Accounts", params(DeviceHeader),
    request_body = NewAccount,
    responses((status = 200, description = "The account is made.", body = Success<SignedInView>), Failures),
)]
pub(super) async fn register(
    State(state): State<Shared>,
    source: Source,
    JsonBody(new): JsonBody<NewAccount>,
) -> Entered {
    let email = new.email.parse()?;
    let password = NewPassword::try_new(new.password.0)?;
    let origin = source.named(new.device_name.as_deref());
    let registered = state.auth.register(&email, &password, &origin).await?;
    enter(&state, &registered)
}
