//! `GET /admin/users/{userId}`

use axum::extract::State;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{PathUser, Permit};
use crate::state::Shared;
use crate::views::AccountView;

failing!(Failures: Forbidden, UserNotFound);

/// An account
///
/// Noted in the audit.
#[utoipa::path(
    get, path = "/admin/users/{userId}", tag = "Admin",
    params(("userId" = Uuid, Path, description = "The user.")),
    responses((status = 200, description = "The account.", body = Success<AccountView>), Failures),
)]
pub(super) async fn get_user(
    State(state): State<Shared>,
    Permit(permit): Permit,
    PathUser(id): PathUser,
) -> Answer<AccountView> {
    success(state.admin.account(&permit, id).await?.into())
}
