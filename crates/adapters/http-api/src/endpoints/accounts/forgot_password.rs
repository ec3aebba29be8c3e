//! `POST /auth/password/forgot`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::mail_accepted::{Accepted, MailAccepted, accepted};
use crate::answer::Success;
use crate::error::failing;
use crate::extract::{JsonBody, Source, schemas};
use crate::state::Shared;

failing!(Failures: InvalidEmail, TooManyAttempts, UnsupportedMediaType);

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
pub(super) struct Forgotten {
    #[schema(schema_with = schemas::email)]
    email: String,
}

/// Have a mail sent that sets a new password
///
/// The answer is the same whether there is such an account or not.
#[utoipa::path(
    post, path = "/auth/password/forgot", tag = "Accounts",
    request_body = Forgotten,
    responses((status = 202, description = "If there is such an account, a mail is on its way.", body = Success<MailAccepted>), Failures),
)]
pub(super) async fn forgot_password(
    State(state): State<Shared>,
    source: Source,
    JsonBody(forgotten): JsonBody<Forgotten>,
) -> Accepted {
    let email = forgotten.email.parse()?;
    let origin = source.origin();
    state.auth.forgot_password(&email, &origin).await?;
    accepted()
}
