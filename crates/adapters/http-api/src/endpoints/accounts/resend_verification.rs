//! `POST /auth/email/resend`

use axum::extract::State;

use super::mail_accepted::{Accepted, MailAccepted, accepted};
use crate::answer::Success;
use crate::error::failing;
use crate::extract::{Member, Source};
use crate::state::Shared;

failing!(Failures: TooManyAttempts);

/// Have the mail that verifies the caller's address sent again
///
/// The code of the mail before stops working. A verified address gets no mail.
#[utoipa::path(
    post, path = "/auth/email/resend", tag = "Accounts",
    responses((status = 202, description = "A mail is on its way.", body = Success<MailAccepted>), Failures),
)]
pub(super) async fn resend_verification(
    State(state): State<Shared>,
    Member(caller): Member,
    source: Source,
) -> Accepted {
    let origin = source.origin();
    state.auth.resend_verification(&caller, &origin).await?;
    accepted()
}
