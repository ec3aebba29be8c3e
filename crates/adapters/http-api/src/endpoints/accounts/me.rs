//! `GET /auth/me`

use axum::extract::State;

use crate::answer::{Answer, Success, success};
use crate::error::ErrorCode;
use crate::extract::Member;
use crate::state::Shared;
use crate::views::AccountView;

/// The caller's account
#[utoipa::path(
    get, path = "/auth/me", tag = "Accounts",
    responses((status = 200, description = "The account.", body = Success<AccountView>)),
)]
pub(super) async fn me(State(state): State<Shared>, Member(caller): Member) -> Answer<AccountView> {
    let account = state.auth.me(&caller).await?;
    // Tokens outlive an erased account for a while.
    success(account.ok_or(ErrorCode::Unauthorized)?.into())
}
