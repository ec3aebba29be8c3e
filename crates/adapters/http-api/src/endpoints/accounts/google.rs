//! `POST /auth/google`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::tokens::{Entered, SignedInView, enter_from_google};
use crate::answer::Success;
use crate::error::failing;
use crate::extract::{DeviceHeader, JsonBody, SecretText, Source, schemas};
use crate::state::Shared;

failing!(
    Failures: GoogleTokenInvalid,
    AccountDisabled,
    GoogleNotSetUp,
    AccountNotVerified,
    OtherGoogleIdentity,
    TooManyAttempts,
    UnsupportedMediaType,
);

/// What Google gave the client.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GoogleIdToken {
    /// The ID token.
    #[schema(value_type = String)]
    id_token: SecretText,
    #[schema(required = false, schema_with = schemas::device_name)]
    device_name: Option<String>,
}

/// Sign in with a Google ID token
///
/// For native clients. An account is made if there is none; one of the same address is joined if
/// its address is verified.
#[utoipa::path(
    post, path = "/auth/google", tag = "Accounts", params(DeviceHeader),
    request_body = GoogleIdToken,
    responses((status = 200, description = "The caller is signed in.", body = Success<SignedInView>), Failures),
)]
pub(super) async fn sign_in_with_google(
    State(state): State<Shared>,
    source: Source,
    JsonBody(google): JsonBody<GoogleIdToken>,
) -> Entered {
    let origin = source.named(google.device_name.as_deref());
    let id_token = &google.id_token.0;
    let signed_in = state.auth.sign_in_with_google(id_token, &origin).await?;
    enter_from_google(&state, &signed_in).await
}
